import { resolve } from 'node:path';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { Interrupted, joinGenerator, repair } from '../../latent/repair/index.js';
import { auditProgress } from '../audit/index.js';
import { CODE_TEXTS } from '../codes/index.js';
import { MODEL_OPTIONS } from '../models/index.js';
import {
  openSource,
  readExtractor,
  repairJson,
  repairSettings,
  repairSummary,
  trainingOf,
  writeRepair,
} from '../repair/index.js';
import { describeVersions } from '../studies/machine.js';
import { mustBeFree } from '../studies/outFolder.js';
import type { Effects, Given } from './effects.js';
import { EXIT, exitOfSignal } from './exitCodes.js';
import { dataFolders, isSet, modelLimit, shellWord, text } from './options.js';

const camelCase = (option: string): string => option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const FLAGS = [
  ...CODE_TEXTS,
  ...MODEL_OPTIONS,
  'decoder',
  'extractor',
  'extractor-output',
  'extractor-range',
  'samplers',
  'budget',
  'seed',
  'alpha',
  'threads',
];

/** The command line that gives the same numbers again. */
const commandOf = (given: Given): string => {
  const [run] = given.args;
  const flags = FLAGS.flatMap((name) => {
    const value = text(given, camelCase(name));
    return value === undefined ? [] : [`--${name} ${shellWord(value)}`];
  });
  return ['zdist repair', ...(run === undefined ? [] : [shellWord(run)]), ...flags].join(' ');
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { stdout, stderr, env, files, now, cores, cwd } = effects;
  const start = now();
  const option = (name: string): string | undefined => text(given, camelCase(name));
  const { threads, families, budget, ...settings } = repairSettings(
    {
      samplers: option('samplers'),
      budget: option('budget'),
      seed: option('seed'),
      threads: option('threads'),
      alpha: option('alpha'),
    },
    env,
    cores,
  );
  const folder = resolve(cwd, option('out') ?? 'repair');
  await mustBeFree(files, folder);
  const extractor = await readExtractor(files, cwd, {
    extractor: option('extractor'),
    output: option('extractor-output'),
    range: option('extractor-range'),
  });

  const runtime = nodeRuntime({ threads });
  const progress = auditProgress({ stderr, env, quiet: isSet(given, 'quiet'), now });
  const interrupt = effects.interrupt();
  const onProgress = (what: string, share: number): void => {
    if (interrupt.aborted) throw new Interrupted('repair: interrupted before anything was measured');
    progress.before(what, share);
  };
  try {
    const texts = Object.fromEntries([...CODE_TEXTS, ...MODEL_OPTIONS, 'decoder'].map((name) => [name, option(name)]));
    const source = await openSource(
      { run: given.args[0], texts },
      {
        files,
        cwd,
        runtime,
        seed: settings.seed,
        ...(extractor && { extractor }),
        ...dataFolders(env),
        ...modelLimit(env),
        log: progress.note,
        onProgress,
      },
    );
    try {
      const found = await repair(source.input, families, {
        ...settings,
        runtime,
        ...(source.model && { model: source.model }),
        ...(source.regime && { training: trainingOf[source.regime] }),
        now,
        deadline: { now, at: start + budget },
        onProgress: progress.before,
        interrupted: () => interrupt.aborted,
        versions: describeVersions(),
      });
      const command = commandOf(given);
      const unused =
        extractor && !source.model ? [`Without images there are no features: ${extractor.name} was not used.`] : [];
      const generator = source.decoder && (await joinGenerator(found, source.decoder, runtime));
      const alone = generator && 'why' in generator ? [`No generator.onnx, sampler.onnx alone: ${generator.why}`] : [];
      const notes = [...source.notes, ...unused, ...alone, ...found.result.notes];
      const result = { ...found.result, inputs: source.inputs, notes, command };
      progress.close();

      // The numbers go out first: the disk may refuse the files.
      const json = isSet(given, 'json');
      const colour = stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
      stdout.write(json ? repairJson(result) : `${repairSummary(result, { columns: stdout.columns, colour })}\n`);
      const written = await writeRepair(
        files,
        folder,
        { ...found, result },
        { decoder: source.decoder, generator, runtime, source: source.name },
      );
      if (!json) for (const [name, path] of Object.entries(written)) stdout.write(`${name.padEnd(10)}${path}\n`);
      return result.ended === 'interrupted' ? exitOfSignal(interrupt.reason) : EXIT.done;
    } finally {
      await source.release();
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    progress.note(`zdist: ${error.message}`);
    return exitOfSignal(interrupt.reason);
  } finally {
    progress.close();
  }
};
