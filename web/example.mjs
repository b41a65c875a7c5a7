/**
 * Makes the example study that the pages show where there is no server: `npm run build && node web/example.mjs`.
 * Drawn data and fixed seeds: the same version of zdist makes the same study, but for times and the machine's name.
 */
import files, { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../dist/lab/commands/program.js';
import { laboratory } from '../dist/lab/laboratory.js';
import { processesHere } from '../dist/lab/runs/lock/writers.js';
import { exportLab } from '../dist/lab/server/index.js';
import { presets } from '../dist/vae/presets/index.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Small enough to be part of the repository: two latents, one hidden layer. */
const MODEL = { ...presets.lyeoni, hidden: [32], binarisation: 'threshold' };
const STUDY = ['--preset', 'lyeoni', '--data', 'glyphs', '--limit', '6000', '--epochs', '12', '--threads', '1'];
const RUNS = ['--regimes', 'joint,encoder-only', '--seed', '1', '--seeds', '1'];
/** The run that is audited and repaired. */
const SHOWN = 'joint-mc-seed1';

const folder = await mkdtemp(join(tmpdir(), 'zdist-example-'));
const study = join(folder, 'study');
const effects = {
  ...{ stdout: { write: () => undefined }, stderr: process.stderr, env: process.env, cwd: folder, cores: 2, files },
  now: Date.now,
  interrupt: () => new AbortController().signal,
  laboratory: () => Promise.resolve({ ...laboratory, presets: { lyeoni: MODEL } }),
};
const zdist = async (...args) => {
  const code = await main(args, '', effects);
  if (code !== 0) throw new Error(`zdist ${args[0]}: expected exit code 0, got ${code}`);
};

/** Removes what the pages do not need, to stay small. */
const removeBut = async (path, kept) => {
  for (const name of await readdir(path)) if (!kept.includes(name)) await rm(join(path, name), { recursive: true });
};

try {
  await zdist('study', 'article', ...STUDY, ...RUNS, '--out', 'study');
  // Relative, so that no folder of this machine stands in the example.
  const shown = join('study/runs', SHOWN);
  const run = join(folder, shown);
  await zdist('audit', shown, '--out', join(shown, 'audit'), '--seed', '1');
  await zdist('repair', shown, '--out', join(shown, 'repair'), '--seed', '1', '--samplers', 'fast');
  await removeBut(join(run, 'audit'), ['audit.json']);
  await removeBut(join(run, 'repair'), ['repair.json', 'sampler.onnx']);
  await removeBut(study, ['study.json', 'runs']);
  // The model is no preset, so this script is what makes the study again.
  const numbers = JSON.parse(await readFile(join(study, 'study.json'), 'utf8'));
  await writeFile(join(study, 'study.json'), JSON.stringify({ ...numbers, command: 'node web/example.mjs' }));
  for (const name of await readdir(join(study, 'runs'))) {
    await rm(join(study, 'runs', name, 'models/encoder.onnx'), { force: true });
    if (name.startsWith('encoder-only'))
      await rm(join(study, 'runs', name, 'models'), { recursive: true, force: true });
  }
  const out = here('public');
  await rm(join(out, 'api'), { recursive: true, force: true });
  const reading = { files, now: Date.now, processes: processesHere(), cacheDir: join(folder, 'cache') };
  const { runs, bytes } = await exportLab({ root: study, folder: 'example study', out, effects: reading });
  process.stdout.write(`${runs} runs, ${(bytes / 1e6).toFixed(2)} MB in ${join(out, 'api')}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
