/** Shards of an audit: which part of the rows one is, and whether several are all of them. */
import { InputError } from '../../../engine/errors/index.js';
import { joinSummaries, type StreamedInput, type StreamSummary } from '../../../latent/audit/streaming/index.js';
import { openedSummary, type SavedSummary, type ShardSummary } from './summarySchema.js';

/** Shard `index` of `of`, from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

export const MOST_SHARDS = 100_000;

/** Throws: InputError unless the text is i/n with 1 <= i <= n. */
export const parseShard = (text: string): Shard => {
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim())?.map(Number) ?? [];
  if (index === undefined || of === undefined || index < 1 || index > of || of > MOST_SHARDS) {
    throw new InputError(`--shard: expected i/n with 1 <= i <= n <= ${MOST_SHARDS}, as 3/100, got "${text}"`);
  }
  return { index, of };
};

export const shardName = ({ index, of }: Shard): string => `shard-${index}-of-${of}.summary`;

/** A summary and the file it came from, as the user wrote it. */
export interface NamedShard {
  readonly name: string;
  readonly shard: ShardSummary;
}

/** What all shards of an audit have in common, in the words of messages. */
const COMMON: readonly (readonly [string, (shard: ShardSummary) => string | number])[] = [
  ['shards of', ({ shard }) => shard.of],
  ['seed', ({ train }) => train.summary.settings.seed],
  ['latents', ({ train }) => train.summary.settings.latents],
  ['codes as', ({ train }) => (train.summary.settings.posteriors ? 'mu and sigma' : 'z')],
  ['rows', ({ train }) => train.n],
  ['the same codes, with fingerprint', ({ train }) => train.fingerprint.slice(0, 16)],
  ['held-out codes', ({ test }) => (test ? `with fingerprint ${test.fingerprint.slice(0, 16)}` : 'none')],
];

const differences = ([first, ...others]: readonly NamedShard[]): string[] =>
  others.flatMap(({ name, shard }) => {
    const differing = COMMON.find(([, of]) => of(shard) !== of(first!.shard));
    if (differing === undefined) return [];
    const [what, of] = differing;
    return [`${name}: expected ${what} ${of(first!.shard)} as ${first!.name} has, got ${of(shard)}`];
  });

const incomplete = (shards: readonly NamedShard[]): string[] => {
  const problems: string[] = [];
  const names = new Map<number, string>();
  for (const { name, shard } of shards) {
    const { index } = shard.shard;
    const before = names.get(index);
    if (before === undefined) names.set(index, name);
    else problems.push(`${name}: expected each shard once, got shard ${index}, which ${before} is too`);
  }
  const { of } = shards[0]!.shard.shard;
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !names.has(index));
  if (missing.length > 0) {
    const listed =
      missing.length > 8 ? `${missing.slice(0, 8).join(', ')}, … (${missing.length} in all)` : missing.join(', ');
    problems.push(`audit merge: expected all ${of} shards, got none for ${listed}`);
  }
  return problems;
};

const joined = (parts: readonly SavedSummary[]): StreamSummary =>
  joinSummaries(parts[0]!.settings, parts.map(openedSummary));

/**
 * The codes that the shards are all of, in any order.
 *
 * Throws: InputError, a line for each problem: no shards, shards that are missing or doubled, or are of other data, another seed
 * or another split, by the names of their files.
 */
export const joinShards = (shards: readonly NamedShard[]): StreamedInput => {
  if (shards.length === 0) throw new InputError('audit merge: expected files of shards, got none');
  const other = differences(shards);
  const problems = other.length > 0 ? other : incomplete(shards);
  if (problems.length > 0) throw new InputError(problems.join('\n'));
  const { train, test } = shards[0]!.shard;
  const inputs = shards.map(({ shard }) => shard);
  const whole = joined(inputs.map((each) => each.train.summary));
  requireAllRows(whole.rows, train.n);
  return {
    train: whole,
    ...(test && { test: joined(inputs.map((each) => each.test!.summary)) }),
    names: { ...train.names, ...test?.names },
    sources: { train: train.source, ...(test && { test: test.source }) },
    inputs: { train: train.fingerprint, ...(test && { test: test.fingerprint }) },
  };
};

const requireAllRows = (rows: readonly (readonly [number, number])[], n: number): void => {
  const [first] = rows;
  if (rows.length === 1 && first![0] === 0 && first![1] === n) return;
  const got = rows.map(([from, to]) => `${from} … ${to - 1}`).join(', ');
  throw new InputError(`audit merge: expected rows 0 … ${n - 1}, got ${got}`);
};
