import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { runConfig } from '../../../../test/support/study.js';
import { parsePlainYaml } from './plainYaml.js';

it('reads the configuration of a run', async () => {
  expect(parsePlainYaml(stringify(runConfig))).toEqual(runConfig);
  const old = await readFile(
    new URL('../../../../test/fixtures/runs/schema1-done/config.yaml', import.meta.url),
    'utf8',
  );
  expect(parsePlainYaml(old)).toEqual(parse(old));
  expect(parsePlainYaml(old)).toMatchObject({ hidden: [512, 256], optimizer: { eps: 1e-8 } });
});

it.each([
  '',
  'a: "b"',
  'a: b # c',
  'a: [1, 2]',
  'a: yes',
  'a: 010',
  'a: 1_000',
  'a: .5',
  'a:\n    b: 1',
  'a: 1\n  b: 2',
  'a:\n  - 1\n  b: 2',
  'a:\n  - b: 1',
  'a: 1\na: 2',
  'a:\n  b: 1\n  b: 2',
  'a: |\n  text',
  '- 1',
  'a: b c',
  'a: 2026-01-01',
  'a: &b c',
  '? a',
])('leaves %j to a whole parser', (text) => {
  expect(parsePlainYaml(text)).toBeUndefined();
});

it('reads a key without a value as YAML does', () => {
  expect(parsePlainYaml('a:\nb: 1\n')).toEqual({ a: null, b: 1 });
});

it('gives what a whole parser gives, or nothing', () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  );
  const key = fc.stringMatching(/^[a-z]\w{0,5}$/);
  const block = fc.oneof(scalar, fc.array(scalar, { minLength: 1 }), fc.dictionary(key, scalar, { minKeys: 1 }));
  fc.assert(
    fc.property(fc.dictionary(key, block, { minKeys: 1 }), (content) => {
      const text = stringify(content);
      const plain = parsePlainYaml(text);
      if (plain !== undefined) expect(plain).toEqual(parse(text));
    }),
    { seed: 1, numRuns: 500 },
  );
  const texts = fc.stringMatching(/^([ab:\- \n.0-9e#~"'[{]){0,30}$/);
  fc.assert(
    fc.property(texts, (text) => {
      const plain = parsePlainYaml(text);
      if (plain !== undefined) expect(plain).toEqual(parse(text));
    }),
    { seed: 1, numRuns: 3000 },
  );
});
