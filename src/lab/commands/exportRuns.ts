import { basename, join, resolve } from 'node:path';
import { didYouMean, InputError } from '../../engine/errors/index.js';
import { tellMlflow } from '../runs/export/mlflow.js';
import { tensorboardEvents } from '../runs/export/tensorboard.js';
import { readRunMetrics } from '../runs/reading/curve.js';
import type { ListEffects } from '../runs/reading/listRuns.js';
import { readRecord } from '../runs/reading/record.js';
import { presentState } from '../runs/reading/summary.js';
import { writeFile } from '../runs/writeFile.js';
import type { Effects, Given } from './effects.js';
import { EXIT } from './exitCodes.js';
import { text } from './options.js';

const TARGETS = ['tensorboard', 'mlflow'] as const;

/** Runs for other programs; the folders of the runs stay as they are. */
export const exportRuns = async (
  given: Given,
  { files, cwd, env, stdout }: Effects,
  folders: readonly string[],
  listing: ListEffects,
): Promise<number> => {
  const target = text(given, 'to');
  if (target !== 'tensorboard' && target !== 'mlflow') {
    const near = didYouMean(String(target), TARGETS);
    throw new InputError(`--to: expected ${TARGETS.join(' or ')}, got ${target ?? 'nothing'}${near}`);
  }
  const url = text(given, 'url') ?? env.MLFLOW_TRACKING_URI;
  if (target === 'mlflow' && (url === undefined || !URL.canParse(url))) {
    throw new InputError(`--url: expected the address of an MLflow server, got ${url ?? 'nothing'}`);
  }
  const token = env.MLFLOW_TRACKING_TOKEN;
  for (const path of folders) {
    const folder = resolve(cwd, path);
    const record = await readRecord(files, folder);
    const metrics = await readRunMetrics(files, folder);
    if (target === 'tensorboard') {
      const name = `events.out.tfevents.${Math.floor(Date.parse(record.started) / 1000) || 0}.zdist`;
      const file = join(resolve(cwd, text(given, 'out') ?? 'tensorboard'), basename(folder), name);
      await writeFile(files, file, tensorboardEvents(metrics, record));
      stdout.write(`${file}\n`);
    } else {
      const server = { url: url!, experiment: text(given, 'experiment') ?? 'zdist', fetch, ...(token && { token }) };
      const state = await presentState(folder, record.state, listing);
      stdout.write(`${path}: ${await tellMlflow(server, record, state, metrics)}\n`);
    }
  }
  return EXIT.done;
};
