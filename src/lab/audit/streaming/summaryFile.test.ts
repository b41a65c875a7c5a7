import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { normals } from '../../../../test/support/latentCodes.js';
import { InputError } from '../../../engine/errors/index.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import { summarizer } from '../../../latent/audit/streaming/index.js';
import { joinShards, type NamedShard, parseShard } from './shards.js';
import { decodeSummary, encodeSummary } from './summaryFile.js';
import { type ShardSummary, savedSummary } from './summarySchema.js';

const runtime = nodeRuntime({ threads: 1 });
const latents = 2;

interface Made {
  readonly index: number;
  readonly of?: number;
  readonly seed?: number;
  readonly fingerprint?: string;
  readonly posteriors?: boolean;
}

/** A shard of 60 rows, those of its third. */
const shardOf = async ({
  index,
  of = 3,
  seed = 1,
  fingerprint = 'a'.repeat(64),
  posteriors = false,
}: Made): Promise<ShardSummary> => {
  const into = await summarizer({ seed, latents, posteriors, part: 'train' }, runtime);
  const z = normals(20 * latents, `shard ${index}`);
  await into.add(posteriors ? { mu: z, sigma: z.map(Math.exp) } : { z }, 20 * (index - 1));
  await into.release();
  const summary = savedSummary(into.finish());
  return { shard: { index, of }, train: { fingerprint, n: 60, source: 'z.npy', names: { z: 'z.npy' }, summary } };
};

describe('the file of a shard', () => {
  let file: Uint8Array;
  beforeAll(async () => {
    file = encodeSummary(await shardOf({ index: 2, posteriors: true }));
  });

  it('gives back what was written', async () => {
    // By bytes: comparing the counts of hundreds of thousands of buckets one by one takes half a minute.
    const again = (bytes: Uint8Array): number => Buffer.compare(encodeSummary(decodeSummary(bytes, 'a.summary')), file);
    expect(encodeSummary(await shardOf({ index: 2, posteriors: true })).length).toBe(file.length);
    expect(again(file)).toBe(0);
    const { shard, train } = decodeSummary(file, 'a.summary');
    expect(shard).toEqual({ index: 2, of: 3 });
    expect(train.summary.sample).toEqual((await shardOf({ index: 2, posteriors: true })).train.summary.sample);
    // Wherever it lies in its buffer.
    const moved = new Uint8Array(file.length + 3).subarray(3);
    moved.set(file);
    expect(again(moved)).toBe(0);
  });

  it('is refused with its name when a byte is changed or missing', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Uint8Array.from(file);
        changed[at]! ^= flip;
        expect(() => decodeSummary(changed, 'a.summary')).toThrow(InputError);
        expect(() => decodeSummary(changed, 'a.summary')).toThrow(/^a\.summary: expected /);
        expect(() => decodeSummary(file.subarray(0, at), 'a.summary')).toThrow(InputError);
      }),
      { seed: 1, numRuns: 25 },
    );
  });

  it('is refused in words for another format or version', () => {
    expect(() => decodeSummary(Buffer.from('PK\u0003\u0004'), 'a.summary')).toThrow(
      'a.summary: expected a summary, as zdist audit --shard writes it, got another beginning',
    );
    const newer = Uint8Array.from(file);
    newer[14] = 2;
    expect(() => decodeSummary(newer, 'a.summary')).toThrow('a.summary: expected a summary of version 1, got 2');
    expect(() => decodeSummary(file.subarray(0, 1000), 'a.summary')).toThrow(
      'a.summary: expected content with its SHA-256 at the end, got a file that is truncated or changed',
    );
  });

  it('is refused where its arrays are not of its settings', async () => {
    const shard = await shardOf({ index: 1 });
    const { summary } = shard.train;
    const least = new Float64Array(5);
    const wrong = {
      ...shard,
      train: { ...shard.train, summary: { ...summary, centres: { ...summary.centres, least } } },
    };
    expect(() => decodeSummary(encodeSummary(wrong), 'a.summary')).toThrow(
      'a.summary: expected a summary, got train.summary.centres.least: not of the size that its settings give',
    );
    const bare = { ...shard, train: { ...shard.train, n: -1 } };
    expect(() => decodeSummary(encodeSummary(bare), 'a.summary')).toThrow(
      /^a\.summary: expected a summary, got train\.n: /,
    );
  });
});

describe('shards', () => {
  const named = async (made: Made, name = `${made.index}.summary`) => ({ name, shard: await shardOf(made) });

  it('are joined in any order', async () => {
    const shards = [await named({ index: 3 }), await named({ index: 1 }), await named({ index: 2 })];
    const { train, sources } = joinShards(shards);
    expect(train.rows).toEqual([[0, 60]]);
    expect(train.sample.size).toBe(60);
    expect(train.sums!.coMoments.n).toBe(60);
    expect(sources).toEqual({ train: 'z.npy' });
  });

  it.each<[string, Made[], string]>([
    ['missing', [{ index: 1 }, { index: 3 }], 'audit merge: expected all 3 shards, got none for 2'],
    [
      'doubled',
      [{ index: 1 }, { index: 2 }, { index: 3 }, { index: 2 }],
      '2.summary: expected each shard once, got shard 2, which 2.summary is too',
    ],
    ['of another seed', [{ index: 1 }, { index: 2, seed: 9 }], '2.summary: expected seed 1 as 1.summary has, got 9'],
    [
      'of another split',
      [{ index: 1 }, { index: 2, of: 4 }],
      '2.summary: expected shards of 3 as 1.summary has, got 4',
    ],
    [
      'of other columns',
      [{ index: 1 }, { index: 2, posteriors: true }],
      '2.summary: expected codes as z as 1.summary has, got mu and sigma',
    ],
    [
      'of other data',
      [{ index: 1 }, { index: 2, fingerprint: 'b'.repeat(64) }],
      `2.summary: expected the same codes, with fingerprint ${'a'.repeat(16)} as 1.summary has, got ${'b'.repeat(16)}`,
    ],
  ])('are refused when %s', async (_, made, message) => {
    const shards: NamedShard[] = [];
    for (const each of made) shards.push(await named(each));
    expect(() => joinShards(shards)).toThrow(new InputError(message));
  });

  it('are refused when there are none', () => {
    expect(() => joinShards([])).toThrow('audit merge: expected files of shards, got none');
  });

  it('are named as i/n', () => {
    expect(parseShard('3/100')).toEqual({ index: 3, of: 100 });
    for (const text of ['0/3', '4/3', '1', '1/0', 'a/b', '1/2/3', '-1/3', '1/100001']) {
      expect(() => parseShard(text), text).toThrow(
        `--shard: expected i/n with 1 <= i <= n <= 100000, as 3/100, got "${text}"`,
      );
    }
  });
});
