import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { effects } from '../../../test/support/study.js';
import { main } from './program.js';

const start = async (line: string, cwd = tmpdir()) => {
  const given = effects(cwd);
  const code = await main(line === '' ? [] : line.split(' '), '0.1.0', given);
  return { code, stdout: given.stdout.text, stderr: given.stderr.text };
};

describe('zdist', () => {
  it('helps', async () => {
    const { code, stdout } = await start('--help');
    expect(code).toBe(0);
    for (const name of ['study', 'train', 'report', 'theory', 'repair', 'sample', 'data', 'doctor'])
      expect(stdout).toContain(`  ${name} `);
    expect((await start('study --help')).stdout).toContain('--regimes <list>');
    expect((await start('help study')).stdout).toContain('--regimes <list>');
    expect((await start('--version')).stdout).toBe('0.1.0\n');
  });

  it.each([
    ['', /Usage: zdist/],
    ['studdy', /^zdist: unknown command 'studdy' \(Did you mean study\?\)\n$/],
    ['study --epoch 3', /^zdist: unknown option '--epoch' \(Did you mean --epochs\?\)\n$/],
    ['study artcle', /^zdist: study: expected article, got "artcle" \(did you mean "article"\?\)\n$/],
    [
      'study --preset lyoni',
      /^zdist: --preset: expected one of altosaar, lyeoni, got "lyoni" \(did you mean "lyeoni"\?\)\n$/,
    ],
    [
      'study --regimes joint,tandm',
      /^zdist: --regimes\.1: expected one of .*, got "tandm" \(did you mean "tandem"\?\)\n$/,
    ],
    ['data gt mnist', /^zdist: data: expected info or get, got "gt" \(did you mean "get"\?\)\n$/],
    ['data get', /^zdist: missing required argument 'name'\n$/],
  ])('answers "%s" with exit code 2', async (line, message) => {
    const { code, stderr, stdout } = await start(line);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('lists every problem of a command line', async () => {
    const { stderr } = await start('study --epochs -1 --seeds x --threads 0');
    expect(stderr.trim().split('\n')).toEqual([
      'zdist: --epochs: expected a positive number, got -1',
      'zdist: --threads: expected a whole number in 1 … 1024, or auto, got 0',
      'zdist: --seeds: expected a whole number in 1 … 10000, got "x"',
    ]);
  });

  it('shows a stack trace only on --debug', async () => {
    expect((await start('study artcle')).stderr).not.toContain('    at ');
    expect((await start('study artcle --debug')).stderr).toContain('    at ');
    expect((await start('--debug study artcle')).stderr).toContain('    at ');
  });

  it('describes data and the machine', async () => {
    expect((await start('data info glyphs')).stdout).toContain('train:   120');
    expect((await start('doctor')).stdout).toMatch(/onnxruntime-node +\d+\.\d+/);
  });

  it('writes a report again', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'zdist-report-'));
    await start('study --out s --quiet', cwd);
    const report = join(cwd, 's/report.html');
    const before = await readFile(report, 'utf8');
    await rm(report);
    expect((await start('report s', cwd)).stdout).toBe(`file://${report}\n`);
    expect(await readFile(report, 'utf8')).toBe(before);
    expect(await start('report t', cwd)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('without study.json'),
    });
  });
});
