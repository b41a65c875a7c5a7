/**
 * Makes the example study that the pages show where there is no server: `npm run build && node web/example.mjs`.
 * Drawn data and fixed seeds: the same version of zdist makes the same study, but for times and the machine's name.
 */
import { execFileSync } from 'node:child_process';
import files, { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processesHere } from '../dist/lab/runs/lock/writers.js';
import { exportLab } from '../dist/lab/server/index.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Small enough to be part of the repository: two latents, one hidden layer. */
const MODEL = { ZDIST_HIDDEN: '[32]', ZDIST_LATENTS: '2', ZDIST_BINARISATION: 'threshold' };
const STUDY = ['--preset', 'lyeoni', '--data', 'glyphs', '--limit', '6000', '--epochs', '12', '--threads', '1'];
const RUNS = ['--regimes', 'joint,encoder-only', '--seed', '1', '--seeds', '2'];
/** The run that is audited and repaired. */
const SHOWN = 'joint-mc-seed1';

const folder = await mkdtemp(join(tmpdir(), 'zdist-example-'));
const study = join(folder, 'study');
const zdist = (...args) =>
  execFileSync(process.execPath, [here('../dist/lab/commands/zdist.js'), ...args], {
    cwd: folder,
    env: { ...process.env, ...MODEL },
    stdio: ['ignore', 'ignore', 'inherit'],
  });

/** Removes what the pages do not need, to stay small. */
const removeBut = async (path, kept) => {
  for (const name of await readdir(path)) if (!kept.includes(name)) await rm(join(path, name), { recursive: true });
};

try {
  zdist('study', 'article', ...STUDY, ...RUNS, '--out', study);
  const run = join(study, 'runs', SHOWN);
  zdist('audit', run, '--out', join(run, 'audit'), '--seed', '1');
  zdist('repair', run, '--out', join(run, 'repair'), '--seed', '1', '--samplers', 'fast');
  await removeBut(join(run, 'audit'), ['audit.json']);
  await removeBut(join(run, 'repair'), ['repair.json', 'sampler.onnx']);
  await removeBut(study, ['study.json', 'runs']);
  for (const name of await readdir(join(study, 'runs'))) {
    await rm(join(study, 'runs', name, 'models/encoder.onnx'), { force: true });
    if (name.startsWith('encoder-only'))
      await rm(join(study, 'runs', name, 'models'), { recursive: true, force: true });
  }
  const out = here('public');
  await rm(join(out, 'api'), { recursive: true, force: true });
  const effects = { files, now: Date.now, processes: processesHere(), cacheDir: join(folder, 'cache') };
  const { runs, bytes } = await exportLab({ root: study, folder: 'example study', out, effects });
  process.stdout.write(`${runs} runs, ${(bytes / 1e6).toFixed(2)} MB in ${join(out, 'api')}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
