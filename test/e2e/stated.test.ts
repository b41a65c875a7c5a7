/** Every number that a file holds as a result says how many, by which seed, of what, and how sure; every file, of what data. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endProcesses, startZdist } from '../support/zdistProcess.js';

let home: string;

const zdist = async (line: string): Promise<string> => {
  const env = { ZDIST_CACHE_DIR: join(home, 'cache'), ZDIST_THREADS: '1' };
  const { code, stdout, stderr } = await startZdist(line.split(' '), { cwd: home, env }).ended;
  if (code !== 0) throw new Error(`expected zdist ${line} to end with 0, got ${code}: ${stderr}`);
  return stdout;
};

type Json = Readonly<Record<string, unknown>>;
const jsonIn = async (path: string): Promise<Json> => JSON.parse(await readFile(join(home, path), 'utf8')) as Json;

/** Results within a value, each with its place; `passed` are keys that are not looked into. */
const resultsIn = (value: unknown, passed: readonly string[] = [], place = ''): [string, Json][] => {
  if (value === null || typeof value !== 'object') return [];
  const isResult = 'value' in value && ('n' in value || 'se' in value || 'half' in value);
  const inner = Object.entries(value).filter(([key]) => !passed.includes(key));
  return [
    ...(isResult ? [[place, value as Json] as [string, Json]] : []),
    ...inner.flatMap(([key, each]) => resultsIn(each, passed, `${place}.${key}`)),
  ];
};

/** What is the same whatever is drawn: closed forms over all images or codes, and what was paired with no draw. */
const CLOSED = /closed form|by their moments|^test images$|^seeds$|^all test images$/;

/** Places of results that lack something, and what. */
const lacking = (results: readonly [string, Json][]): string[] =>
  results.flatMap(([place, result]) => {
    const { sampling, interval, n, se, half } = result;
    const seeded = 'seed' in result || 'seeds' in result || CLOSED.test(String(sampling));
    const missing = [
      ...(n === undefined ? ['n'] : []),
      ...(typeof sampling === 'string' && sampling !== '' ? [] : ['sampling']),
      ...(seeded ? [] : ['seed']),
      ...(interval === undefined && (se !== undefined || half !== undefined) ? ['interval'] : []),
    ];
    return missing.map((what) => `${place}: ${what}`);
  });

const HASH = /^[0-9a-f]{64}$/;
const expectHashes = (inputs: unknown, ...names: readonly string[]): void =>
  expect(inputs).toMatchObject(Object.fromEntries(names.map((name) => [name, expect.stringMatching(HASH)])));

const RUN = 'study/runs/joint-analytic-seed1';
const SMALL = '--preset lyeoni --limit 600 --epochs 0.5';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'zdist-stated-'));
  await zdist(`study ${SMALL} --regimes joint --workers 1 --quiet --out study`);
}, 120_000);
afterAll(endProcesses);

describe('results state n, seed, sampling, interval and the hashes of their inputs', () => {
  it('in study.json, where curves have theirs once', async () => {
    const study = await jsonIn('study/study.json');
    const results = resultsIn(study, ['curve', 'claims']);
    expect(results.length).toBeGreaterThan(40);
    expect(lacking(results)).toEqual([]);
    expectHashes(study.inputs, 'data');
    expect(study.inputs).toMatchObject({ extractor: expect.stringMatching(/^[0-9a-f]{16}$/) });
    const { sampling, interval } = study.curves as { sampling: Json; interval: string };
    const [run] = study.runs as { curve: readonly Json[] }[];
    const quantities = Object.keys(run!.curve[0]!).filter((key) => !['step', 'epoch'].includes(key));
    expect(Object.keys(sampling).sort()).toEqual(quantities.sort());
    expect(interval).toBe('value ± 1.96 se (95%)');
    const seeded = resultsIn(run!.curve).filter(([place]) => !/\.(rate|momentKl)$/.test(place));
    expect(seeded.every(([, { seed, se, n }]) => seed === 1 && se !== undefined && n !== undefined)).toBe(true);
    // A claim is of the study's seeds.
    const told = resultsIn(study.claims).filter(([, { half }]) => half !== undefined);
    expect(told.filter(([, { interval: ends }]) => ends === undefined)).toEqual([]);
  });

  it('in run.json and metrics.bin', async () => {
    const run = await jsonIn(`${RUN}/run.json`);
    expect(lacking(resultsIn(run))).toEqual([]);
    expectHashes(run.inputs, 'config', 'data');
    const log = await readFile(join(home, RUN, 'metrics.bin'));
    const head = JSON.parse(log.subarray(8, 8 + log.readUInt32LE(0)).toString('utf8')) as Json;
    expect(Object.keys(head.sampling as object)).toContain('momentKlDraws');
    expect(head.interval).toBe('value ± 1.96 se (95%)');
  });

  it('in audit.json and repair.json', async () => {
    await zdist(`audit ${RUN} --quiet --out audit`);
    const audit = await jsonIn('audit/audit.json');
    expect(resultsIn(audit, ['panels']).length).toBeGreaterThan(15);
    expect(lacking(resultsIn(audit, ['ks']))).toEqual([]);
    expectHashes(audit.inputs, 'data', 'encoder', 'train', 'test');
    await zdist(`repair ${RUN} --samplers full-gaussian --budget 60s --quiet --out repair`);
    const repair = await jsonIn('repair/repair.json');
    expect(resultsIn(repair).length).toBeGreaterThan(20);
    expect(lacking(resultsIn(repair))).toEqual([]);
    expect(repair.inputs).toEqual(audit.inputs);
  }, 120_000);

  it('in sweep.json and in a comparison', async () => {
    const base = 'base: { preset: lyeoni, data: glyphs, limit: 600, epochs: 0.5 }';
    await writeFile(join(home, 's.yaml'), `${base}\ngrid: { kl: [analytic, mc] }\n`);
    await zdist('sweep s.yaml --quiet --out sweep');
    const sweep = await jsonIn('sweep/sweep.json');
    const rows = sweep.rows as readonly (Json & { folder: string })[];
    expect(resultsIn(sweep).length).toBeGreaterThan(11);
    expect(lacking(resultsIn(sweep))).toEqual([]);
    for (const { inputs } of rows) expectHashes(inputs, 'config', 'data');
    const line = `compare ${rows.map(({ folder }) => join('sweep', folder)).join(' ')} --json`;
    const comparison = JSON.parse(await zdist(line)) as Json & { groups: readonly Json[]; runs: readonly Json[] };
    // The seeds of a group are beside its values.
    const results = resultsIn(comparison, ['groups']);
    expect(results.length).toBeGreaterThan(11);
    expect(lacking(results)).toEqual([]);
    for (const group of comparison.groups) {
      expect(group.seeds).toEqual([1]);
      expect(lacking(resultsIn(group)).filter((text) => !text.endsWith(': seed'))).toEqual([]);
    }
    for (const { inputs } of comparison.runs) expectHashes(inputs, 'config', 'data');
  }, 120_000);
});
