import type { Measured } from '../../latent/audit/index.js';
import { duration, integer, short } from '../../latent/numbers/index.js';
import type { RepairResult, SamplerResult } from '../../latent/repair/index.js';
import { type SummaryLook, wrapped } from '../audit/summary.js';
import { columns } from '../commands/table.js';

const COLOURS: Readonly<Record<RepairResult['verdict'], string>> = {
  repaired: '32',
  matched: '32',
  improved: '33',
  collapsed: '33',
  undecided: '33',
};
const WIDEST = 100;

const value = (measured: Measured | undefined): string => (measured ? short(measured.value) : '');

/** Two significant digits of the half width of its interval. */
const withHalf = (measured: Measured | undefined): string => {
  if (!measured) return '';
  return !measured.se ? short(measured.value) : `${short(measured.value)} ± ${(1.96 * measured.se).toPrecision(2)}`;
};

const HEADER = ['sampler', 'ln q held out', 'gain nats', 'Fréchet', 'precision', 'recall', 'hole mass', 'C2ST', 'time'];

const row = (sampler: SamplerResult, chosen: string): string[] => [
  `${sampler.family === chosen ? '→' : ' '} ${sampler.family}${sampler.replays ? ' (replays)' : ''}`,
  value(sampler.heldOutLogQ),
  withHalf(sampler.elboGain),
  value(sampler.frechet),
  value(sampler.precision),
  value(sampler.recall),
  value(sampler.holeMass),
  value(sampler.c2st),
  duration(sampler.seconds),
];

/** Every sampler in a line; columns that say nothing of any are left out. */
export const samplerTable = ({ samplers, chosen }: RepairResult): string => {
  const rows = [HEADER, ...samplers.map((sampler) => row(sampler, chosen))];
  const kept = HEADER.map((_, column) => rows.slice(1).some((cells) => cells[column] !== ''));
  return columns(rows.map((cells) => cells.filter((_, column) => kept[column])));
};

/** The importance-weighted bound under N(0, I) and under the chosen sampler. */
const boundOf = ({ samplers, chosen }: RepairResult): string | undefined => {
  const [before, after] = [samplers[0]?.iwae, samplers.find(({ family }) => family === chosen)?.iwae];
  if (!before || !after) return undefined;
  const { k, bound, gain, effectiveSamples } = after;
  const from = `${integer(bound.n)} images, ${short(effectiveSamples.value)} of ${k} draws count`;
  if (before === after) return `IWAE-${k} of N(0, I) ${withHalf(bound)} nats (${from}).`;
  return `IWAE-${k} ${short(before.bound.value)} → ${short(bound.value)} nats, a gain of ${withHalf(gain)} (${from}).`;
};

/** The verdict first, then why, then every sampler. */
export const repairSummary = (result: RepairResult, { columns: across = 80, colour }: SummaryLook): string => {
  const width = Math.max(40, Math.min(WIDEST, across) - 1);
  const verdict = result.verdict.toUpperCase();
  const shown = colour ? `\u001b[1;${COLOURS[result.verdict]}m${verdict}\u001b[0m` : verdict;
  const head = wrapped(result.summary, width, `${verdict}  `, '').replace(verdict, shown);
  const { train, test, latents } = result.codes;
  const { extractor, imageMemorisation: images } = result;
  const memorised = result.samplers.find(({ family }) => family === result.chosen)?.memorisation;
  const iwae = boundOf(result);
  const facts: (readonly [string, string])[] = [
    ...(iwae === undefined ? [] : [['bound', iwae] as const]),
    ...(result.attribution ? [['cause', result.attribution.text] as const] : []),
    ...(memorised ? [['codes', memorised.text] as const] : []),
    ...(images ? [['images', images.text] as const] : []),
    ...(extractor ? [['features', `${extractor.name} (${extractor.hash})`] as const] : []),
    [
      'data',
      `${integer(train.n)} codes to fit to, ${integer(test.n)} held out, ${latents} latents, seed ${result.seed}`,
    ],
    ...(result.ended ? [['ended', result.ended] as const] : []),
    ...result.leftOut.map(
      ({ family, why }) => ['left out', why.startsWith(family) ? why : `${family}: ${why}`] as const,
    ),
    ...result.samplers.flatMap(({ family, notes }) => notes.map((note) => ['note', `${family}: ${note}`] as const)),
    ...result.notes.map((note) => ['note', note] as const),
  ];
  const lines = facts.map(([name, text]) => wrapped(text, width, name.padEnd(10), ' '.repeat(10)));
  return `${head}\n\n${wrapped(result.why, width, '', '')}\n\n${samplerTable(result)}\n${lines.join('\n')}\n`;
};
