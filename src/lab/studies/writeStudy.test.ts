import files, { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { description, estimate, noSpace, runResult } from '../../../test/support/study.js';
import { mustBeFree } from './outFolder.js';
import type { Study } from './study.js';
import { readStudy, writeReport, writeStudy } from './writeStudy.js';

const study: Study = {
  schema: 1,
  kind: 'article',
  state: 'done',
  preset: 'altosaar',
  epochs: 2,
  draws: 'fresh',
  seeds: [1],
  data: description,
  floor: { latents: 128, batch: 1000, momentKlDraws: estimate(8) },
  claims: [],
  runs: [runResult()],
  verdict: 'found',
  command: 'zdist study article',
  started: '2026-01-31T09:45:00.000Z',
  seconds: 60,
  machine: { cpu: 'x', cores: 2, memoryGiB: 8, platform: 'linux x64' },
  versions: {},
};
const render = () =>
  Promise.resolve({
    html: '<p>found</p>',
    figures: [
      { name: 'kl', svg: '<svg/>', csv: 'a\n1\n' },
      { name: 'codes', csv: 'b\n' },
    ],
  });
const newFolder = () => mkdtemp(join(tmpdir(), 'zdist-study-'));

describe('writeStudy', () => {
  it('leaves study.json, curves.csv, figures and the report', async () => {
    const folder = await newFolder();
    expect(await writeStudy(files, folder, study, render)).toBe(join(folder, 'report.html'));
    expect((await readdir(folder)).sort()).toEqual(['curves.csv', 'data', 'figures', 'report.html', 'study.json']);
    expect(await readFile(join(folder, 'figures/kl.svg'), 'utf8')).toBe('<svg/>');
    expect(await readdir(join(folder, 'figures'))).toEqual(['kl.svg']);
    expect((await readdir(join(folder, 'data'))).sort()).toEqual(['codes.csv', 'kl.csv']);
    expect(await readStudy(files, folder)).toEqual(study);
  });

  it('keeps the numbers when the disk has no room for the report', async () => {
    const folder = await newFolder();
    const full: typeof files = {
      ...files,
      writeFile: async (path, ...rest) => {
        if (String(path).includes('report.html')) throw noSpace();
        await files.writeFile(path, ...rest);
      },
    };
    await expect(writeStudy(full, folder, study, render)).rejects.toThrow(
      'report.html: no space left on the disk (ENOSPC)',
    );
    expect(await readStudy(files, folder)).toEqual(study);
  });

  it('reads no file outside the folder', async () => {
    const folder = await newFolder();
    const prying: Parameters<typeof writeReport>[3] = async (_, { read }) => {
      await read('../../etc/passwd');
      return render();
    };
    await expect(writeReport(files, folder, study, prying)).rejects.toThrow('expected paths within the study folder');
  });
});

describe('readStudy', () => {
  it('says what is wrong with a folder', async () => {
    const folder = await newFolder();
    await expect(readStudy(files, folder)).rejects.toThrow(
      `${folder}: expected a study folder, got one without study.json`,
    );
    await writeFile(join(folder, 'study.json'), '{');
    await expect(readStudy(files, folder)).rejects.toThrow(/study\.json: expected JSON, got /);
    await writeFile(join(folder, 'study.json'), '{"schema": 2, "kind": "article"}');
    await expect(readStudy(files, folder)).rejects.toThrow(`${join(folder, 'study.json')}: schema: expected 1, got 2`);
    await writeFile(join(folder, 'study.json'), JSON.stringify({ ...study, epochs: 'many', seeds: 3 }));
    await expect(readStudy(files, folder)).rejects.toThrow(
      /study\.json: epochs: expected a number, got "many"\n.*study\.json: seeds: expected a list, got 3$/,
    );
  });
});

describe('mustBeFree', () => {
  it('takes a new or empty folder only', async () => {
    const folder = await newFolder();
    await mustBeFree(files, folder);
    await mustBeFree(files, join(folder, 'new'));
    await writeFile(join(folder, 'file'), '');
    await expect(mustBeFree(files, folder)).rejects.toThrow(`got ${folder}, which is not empty`);
    await mustBeFree(files, folder, ['file', 'lock']);
    await expect(mustBeFree(files, join(folder, 'file'))).rejects.toThrow('expected a new folder, got the file');
  });
});
