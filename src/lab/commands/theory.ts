import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { didYouMean, InputError } from '../../engine/errors/index.js';
import { environmentLayer, flagsLayer, type Layer, runSchema } from '../config/index.js';
import type { Figure } from '../report/figures/index.js';
import {
  frictionEigenvalues,
  klOverTime,
  klSurface,
  misread,
  optimizerPaths,
  phasePortrait,
} from '../report/figures/theory/index.js';
import { writeFile } from '../runs/writeFile.js';
import { mustBeFree } from '../studies/outFolder.js';
import { findings, theoryVerdict } from '../theory/findings.js';
import { type TheoryPaths, type TheorySummary, theoryPaths, theorySummary } from '../theory/index.js';
import { theoryPage } from '../theory/page.js';
import type { Effects, Given } from './effects.js';
import { isSet, text } from './options.js';

type Draw = (summary: TheorySummary, paths: TheoryPaths) => Figure[];

const PARTS: Readonly<Record<string, Draw>> = {
  plane: (summary, paths) => [phasePortrait(summary, paths), optimizerPaths(paths)],
  surface: (summary) => [klSurface(summary)],
  flow: (summary, paths) => [klOverTime(summary, paths), frictionEigenvalues(summary)],
};

const everything: Draw = (summary, paths) => [
  klSurface(summary),
  phasePortrait(summary, paths),
  optimizerPaths(paths),
  klOverTime(summary, paths),
  frictionEigenvalues(summary),
  misread(summary),
];

const drawOf = (part: string | undefined): Draw => {
  if (part === undefined) return everything;
  const names = Object.keys(PARTS);
  if (!names.includes(part)) {
    throw new InputError(`theory: expected one of ${names.join(', ')}, got "${part}"${didYouMean(part, names)}`);
  }
  return PARTS[part]!;
};

/** From `--seed`, else from `ZDIST_SEED`, else 1. */
const seedOf = (given: Given, { env }: Effects): number => {
  const layers: Layer[] = [flagsLayer({ seed: text(given, 'seed') }), environmentLayer(env, ['seed'])];
  const layer = layers.find(({ values }) => values.seed !== undefined);
  if (!layer) return 1;
  const result = runSchema.shape.seed.safeParse(layer.values.seed);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new InputError(`${layer.place('seed')}: expected ${issue!.message}, got ${JSON.stringify(layer.values.seed)}`);
};

const printed = (summary: TheorySummary): string => {
  const rows = findings(summary);
  const width = Math.max(...rows.map(({ what }) => what.length));
  return `${theoryVerdict(summary)}\n\n${rows.map(({ what, found }) => `${what.padEnd(width)}  ${found}\n`).join('')}`;
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { files, stdout } = effects;
  const [part] = given.args;
  const draw = drawOf(part);
  const seed = seedOf(given, effects);
  const folder = resolve(effects.cwd, text(given, 'out') ?? 'theory');
  await mustBeFree(files, folder);

  const summary = theorySummary(seed);
  const figures = draw(summary, theoryPaths());
  const json = `${JSON.stringify(summary, null, 2)}\n`;
  const asJson = isSet(given, 'json');
  // The numbers go out first: the disk may refuse the files.
  stdout.write(asJson ? json : `${printed(summary)}\n`);
  await writeFile(files, join(folder, 'theory.json'), json);
  for (const figure of figures) {
    await writeFile(files, join(folder, 'data', `${figure.name}.csv`), figure.csv);
    await writeFile(files, join(folder, 'figures', `${figure.name}.svg`), figure.svg('light'));
  }
  const page = join(folder, 'theory.html');
  const command = ['zdist theory', ...(part === undefined ? [] : [part]), `--seed ${seed}`].join(' ');
  await writeFile(files, page, theoryPage(summary, figures, command));
  if (!asJson) {
    stdout.write(`page     ${pathToFileURL(page)}\nnumbers  ${join(folder, 'theory.json')}\n`);
    stdout.write(`figures  ${join(folder, 'figures')}\ndata     ${join(folder, 'data')}\n`);
  }
  return 0;
};
