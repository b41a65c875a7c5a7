import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeRun, makeSite, listEffects as noEffects, temporary } from '../../../test/support/labServer.js';
import { effects } from '../../../test/support/study.js';
import { exportLab } from '../server/index.js';
import { main } from './program.js';

let cwd: string;
beforeAll(async () => {
  cwd = await temporary('ui');
  await makeRun(join(cwd, 'runs'), 'joint-1');
});

const zdist = async (...argv: string[]) => {
  const each = effects(cwd, { env: { ZDIST_CACHE_DIR: join(cwd, 'cache') } });
  const code = await main(['ui', ...argv], '0', each);
  return { code, stdout: each.stdout.text, stderr: each.stderr.text };
};

describe('zdist ui', () => {
  it.each([
    [['--port', '70000'], 'zdist: --port: expected a whole number from 0 to 65535, got "70000"\n'],
    [['--port', 'http'], 'zdist: --port: expected a whole number from 0 to 65535, got "http"\n'],
    [['--port', ''], 'zdist: --port: expected a whole number from 0 to 65535, got ""\n'],
    [['none', '--export', 'out'], 'zdist: none: expected a folder of runs, got none\n'],
    [['--prot', '1'], "zdist: unknown option '--prot' (Did you mean --port?)\n"],
  ])('refuses %j', async (argv, stderr) => {
    expect(await zdist(...argv)).toEqual({ code: 2, stdout: '', stderr });
  });

  it('refuses a file, a host without a token, and a port that is taken', async () => {
    await writeFile(join(cwd, 'file'), '');
    expect((await zdist('file')).stderr).toMatch(
      /^zdist: file: expected a folder of runs, got one that cannot be read/,
    );
    expect((await zdist('--host', '0.0.0.0')).stderr).toMatch(/expected --token or ZDIST_TOKEN/);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await zdist('--port', String(port));
    other.close();
    expect([code, stderr]).toEqual([2, expect.stringMatching(`got ${port}, which is taken`)]);
  });
});

describe('the lab as files', () => {
  it('is what the server would answer, without what pages never ask for', async () => {
    const out = join(cwd, 'site');
    const root = join(cwd, 'runs');
    await mkdir(join(root, 'joint-1/checkpoints'), { recursive: true });
    await writeFile(join(root, 'joint-1/checkpoints/step-000001.json'), '{}');
    const effects = await noEffects();
    const { runs } = await exportLab({ root, folder: 'mine', site: await makeSite(), out, effects });
    expect(runs).toBe(1);
    const json = async (path: string) => JSON.parse(await readFile(join(out, 'api', path), 'utf8'));
    expect(await json('lab.json')).toMatchObject({ folder: 'mine', live: false });
    const { key } = (await json('runs.json')).runs[0];
    const { files } = (await json(`runs/${key}/run.json`)) as { files: { path: string; bytes: number }[] };
    expect(files.map(({ path }) => path)).toContain('models/decoder.onnx');
    expect(files.some(({ path }) => /^(checkpoints|lock|metrics|curve)|parquet/.test(path))).toBe(false);
    for (const { path, bytes } of files) {
      expect((await readFile(join(out, `api/runs/${key}/files`, path))).length).toBe(bytes);
    }
    expect((await json(`runs/${key}/metrics.json`)).curve).toHaveLength(4);
    expect((await readFile(join(out, `api/runs/${key}/codes.npy`))).length).toBeGreaterThan(32);
    expect(await readFile(join(out, 'index.html'), 'utf8')).toContain('<title>lab</title>');
  });
});
