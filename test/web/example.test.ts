import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { LabInfo, RunDetail, RunsAnswer } from '../../src/lab/server/contract.js';

const PUBLIC = fileURLToPath(new URL('../../web/public', import.meta.url));
const json = async <T>(path: string): Promise<T> => JSON.parse(await readFile(join(PUBLIC, 'api', path), 'utf8')) as T;

it('the example study is whole, small, and names no folder of the machine that made it', async () => {
  expect(await json<LabInfo>('lab.json')).toMatchObject({ folder: 'example study', live: false });
  const { runs, studies } = await json<RunsAnswer>('runs.json');
  expect([runs.length, studies.length]).toEqual([4, 1]);
  for (const { key } of runs) {
    for (const { path, bytes } of (await json<RunDetail>(`runs/${key}/run.json`)).files) {
      expect((await stat(join(PUBLIC, `api/runs/${key}/files`, path))).size).toBe(bytes);
    }
  }
  const names = await readdir(PUBLIC, { recursive: true, withFileTypes: true });
  let size = 0;
  for (const file of names.filter((entry) => entry.isFile())) {
    const content = await readFile(join(file.parentPath, file.name));
    size += content.length;
    expect(content.includes('/tmp/')).toBe(false);
  }
  expect(size).toBeLessThan(3_500_000);
});
