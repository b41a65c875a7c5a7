import { type AuditResult, isMeasured, type Measured, type StatisticName } from '../../latent/audit/index.js';
import { integer, short } from '../../latent/numbers/index.js';
import { modelLines } from '../report/audit/index.js';

const COLOURS: Readonly<Record<AuditResult['verdict'], string>> = { matched: '32', mismatched: '31', collapsed: '33' };
const WIDEST = 100;
/** Where texts begin behind their names. */
const COLUMN = 15;

/** Text in lines of at most `width`, those after the first behind `indent`. */
export const wrapped = (text: string, width: number, first: string, indent: string): string => {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join('\n');
};

const value = (result: AuditResult, name: StatisticName): Measured | undefined => {
  const statistic = result.statistics[name];
  return isMeasured(statistic) ? statistic : undefined;
};

/** A part of a sum: noise may put it below 0. */
const term = (value: number, name: string): string => `${value < 0 ? '−' : '+'} ${short(Math.abs(value))} ${name}`;

/** `rate 19.4 nats = information 11.0 + total correlation 5.2 + dimension-wise 3.2`. */
const rateLine = (result: AuditResult): string => {
  const [rate, information, correlation, dimensionwise] = (
    ['rate', 'mutualInformation', 'totalCorrelation', 'dimensionwiseKl'] as const
  ).map((name) => value(result, name));
  if (!rate || !information || !correlation || !dimensionwise) {
    return 'not split: needs mu and sigma; from z alone a collapse cannot be excluded';
  }
  const parts = [
    `${short(information.value)} information`,
    term(correlation.value, 'total correlation'),
    term(dimensionwise.value, 'dimension-wise'),
  ].join(' ');
  const { bracket } = result;
  const limits = bracket
    ? `; saturated, KL(q ‖ p) in ${bracket.marginalKl.map(short).join(' … ')}, information in ${bracket.mutualInformation.map(short).join(' … ')}`
    : '';
  return `${short(rate.value)} nats = ${parts}${limits}`;
};

const samplerLine = (result: AuditResult): string => {
  const gain = result.heldOut.find(({ density }) => density === result.sampleFrom)?.gain;
  return gain
    ? `${result.sampleFrom}: ${short(gain.value)} nats better than N(0, I) on held-out codes`
    : result.sampleFrom;
};

export interface SummaryLook {
  readonly columns: number | undefined;
  readonly colour: boolean;
}

/** What a person reads in ten seconds: the verdict, three reasons with their numbers, and what to sample from. */
export const terminalSummary = (result: AuditResult, { columns = 80, colour }: SummaryLook): string => {
  const width = Math.max(40, Math.min(WIDEST, columns) - 1);
  const verdict = result.verdict.toUpperCase();
  const shown = colour ? `\u001b[1;${COLOURS[result.verdict]}m${verdict}\u001b[0m` : verdict;
  const head = wrapped(result.summary, width, `${verdict}  `, '').replace(verdict, shown);
  const reasons = result.reasons.map(({ text }, i) => wrapped(text, width, `  ${i + 1}. `, '     '));
  const { train, test, latents } = result.codes;
  const rows: (readonly [string, string])[] = [
    ['rate', rateLine(result)],
    ['sample from', samplerLine(result)],
    ['codes', `${integer(train.n)} to fit to, ${integer(test.n)} held out, ${latents} latents, seed ${result.seed}`],
    ...(result.model ? modelLines(result.model) : []),
    ...result.notes.map((note) => ['note', note] as const),
  ];
  const facts = rows.map(([name, text]) => wrapped(text, width, name.padEnd(COLUMN), ' '.repeat(COLUMN)));
  return `${head}\n\n${reasons.join('\n')}\n\n${facts.join('\n')}\n`;
};
