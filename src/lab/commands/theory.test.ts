import files, { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { effects, noSpace } from '../../../test/support/study.js';
import { theorySummary } from '../theory/index.js';
import type { Effects } from './effects.js';
import { main } from './program.js';

const start = async (line: string, changes: Partial<Effects> = {}) => {
  const cwd = await mkdtemp(join(tmpdir(), 'zdist-theory-'));
  const given = effects(cwd, { laboratory: () => Promise.reject(new Error('no training here')), ...changes });
  const code = await main(line.split(' '), '0.1.0', given);
  return { code, cwd, stdout: given.stdout.text, stderr: given.stderr.text };
};

/** The numbers as a file holds them. */
const numbers = (seed: number): string => `${JSON.stringify(theorySummary(seed), null, 2)}\n`;

const drawn = async (folder: string): Promise<string[]> =>
  (await readdir(join(folder, 'figures'))).map((name) => name.replace(/^theory-|\.svg$/g, ''));

describe('zdist theory', () => {
  it('writes the page, every figure with its data, and the numbers', async () => {
    const { code, cwd, stdout, stderr } = await start('theory');
    const folder = join(cwd, 'theory');
    expect([code, stderr]).toEqual([0, '']);
    expect((await readdir(folder)).sort()).toEqual(['data', 'figures', 'theory.html', 'theory.json']);
    const names = ['friction', 'kl-over-time', 'kl-surface', 'misread', 'optimizer-paths', 'phase-portrait'];
    expect((await drawn(folder)).sort()).toEqual(names);
    expect((await readdir(join(folder, 'data'))).sort()).toEqual(names.map((name) => `theory-${name}.csv`));
    expect(await readFile(join(folder, 'theory.json'), 'utf8')).toBe(numbers(1));
    expect(stdout).toContain(`page     file://${folder}/theory.html\n`);
    expect(stdout).toContain(`data     ${folder}/data\n`);
  });

  it('prints the verdict first, then what was found', async () => {
    const { stdout } = await start('theory surface');
    const [verdict, , ...rest] = stdout.split('\n');
    expect(verdict).toMatch(
      /^The KL term has one minimum, \(μ, σ\) = \(0, 1\); the Monte Carlo minimum coincides with it/,
    );
    expect(rest).toContain(
      'gradient flow        eigenvalues −1 and −2 at (0, 1), numerically −1 and −2: a stable node',
    );
    expect(rest.some((line) => line.startsWith('closed form          at most '))).toBe(true);
  });

  it.each([
    ['plane', ['optimizer-paths', 'phase-portrait']],
    ['surface', ['kl-surface']],
    ['flow', ['friction', 'kl-over-time']],
  ])('draws the part %s alone', async (part, names) => {
    const { code, cwd } = await start(`theory ${part} --out t --seed 3`);
    expect(code).toBe(0);
    expect((await drawn(join(cwd, 't'))).sort()).toEqual(names);
    const page = await readFile(join(cwd, 't/theory.html'), 'utf8');
    expect(page.includes(`<code>zdist theory ${part} --seed 3</code>`)).toBe(true);
    expect([...page.matchAll(/<section id="theory-([\w-]+)"/g)].map(([, name]) => name).sort()).toEqual(names);
  });

  it('prints the numbers for machines, drawn by the seed of the flag or of the environment', async () => {
    const { stdout, cwd } = await start('theory flow --json --seed 7', { env: { ZDIST_SEED: '9' } });
    expect(stdout).toBe(numbers(7));
    expect(await readFile(join(cwd, 'theory/theory.json'), 'utf8')).toBe(stdout);
    const other = await start('theory flow --json', { env: { ZDIST_SEED: '9' } });
    expect(other.stdout).toBe(numbers(9));
  });

  it.each([
    ['theory surfce', 'theory: expected one of plane, surface, flow, got "surfce" (did you mean "surface"?)'],
    ['theory --seed 1.5', '--seed: expected a whole number in 0 … 4294967295, got 1.5'],
    ['theory --seed x', '--seed: expected a whole number in 0 … 4294967295, got "x"'],
    ['theory --sed 1', "unknown option '--sed' (Did you mean --seed?)"],
  ])('answers "%s" with exit code 2 and writes nothing', async (line, message) => {
    const { code, cwd, stdout, stderr } = await start(line);
    expect([code, stdout, stderr]).toEqual([2, '', `zdist: ${message}\n`]);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('names the variable that holds a wrong seed', async () => {
    const { stderr } = await start('theory', { env: { ZDIST_SEED: '-1' } });
    expect(stderr).toBe('zdist: ZDIST_SEED: expected a whole number in 0 … 4294967295, got -1\n');
  });

  it('refuses a folder that holds something', async () => {
    const { code, stderr } = await start('theory --out .', {
      files: { ...files, readdir: () => Promise.resolve(['kept']) },
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^zdist: --out: expected a new or empty folder, got .*, which is not empty\n$/);
  });

  it('still prints the numbers when the disk is full', async () => {
    const full: typeof files = { ...files, writeFile: () => Promise.reject(noSpace()) };
    const { code, stdout, stderr } = await start('theory', { files: full });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^The KL term has one minimum/);
    expect(stderr).toMatch(/^zdist: cannot write .*theory\.json: no space left on the disk \(ENOSPC\)\n$/);
  });
});
