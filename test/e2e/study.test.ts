/** The built command line as a user meets it: processes, signals, a disk that is full, a folder of results. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Study } from '../../src/lab/studies/study.js';
import { readNpy } from '../../src/vae/data/arrays/index.js';

const ZDIST = fileURLToPath(new URL('../../dist/lab/commands/zdist.js', import.meta.url));
let home: string;
let count = 0;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'zdist-e2e-'));
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const start = (args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } => {
  const env = { ...process.env, ZDIST_CACHE_DIR: join(home, 'cache') };
  const child = spawn(process.execPath, [ZDIST, ...args], { cwd: home, env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  return { child, ended };
};
const zdist = (line: string): Promise<Ended> => start(line.split(' ')).ended;

const newOut = (): string => join(home, `out-${count++}`);
const studyIn = async (folder: string): Promise<Study> =>
  JSON.parse(await readFile(join(folder, 'study.json'), 'utf8')) as Study;
const small = '--preset lyeoni --limit 600 --epochs 0.5';

/** Waits until the first run folder is there; the runs of these tests would go on for hours. */
const untilBegun = async (folder: string): Promise<void> => {
  for (;;) {
    const runs = await readdir(join(folder, 'runs')).catch(() => []);
    if (runs.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

describe('zdist study', () => {
  it('leaves numbers, curves, figures, images and a report, and the same again from the same seed', async () => {
    const out = newOut();
    const { code, stdout, stderr } = await zdist(`study article ${small} --out ${out}`);
    expect(stderr).not.toContain('zdist:');
    expect(code).toBe(0);
    expect(stdout).toContain(`report  file://${join(out, 'report.html')}`);
    expect((await readdir(out)).sort()).toEqual([
      ...['config.yaml', 'curves.csv', 'data', 'extractor.onnx', 'figures', 'report.html', 'runs', 'study.json'],
    ]);

    const study = await studyIn(out);
    expect(study).toMatchObject({ state: 'done', seeds: [1], data: { name: 'glyphs', train: 600, test: 100 } });
    expect(study.runs.map((run) => run.name)).toHaveLength(9);
    for (const run of study.runs) {
      expect(run.final).toBeDefined();
      expect(run.curve[0]!.step).toBe(0);
      for (const { value, se, n } of Object.values(run.final!)) {
        expect(Number.isFinite(value) && Number.isFinite(se) && n > 1).toBe(true);
      }
      const { controls } = run;
      const fitted = controls!.fitted && run.regime !== 'encoder-only' ? ['fitted'] : [];
      expect(run.images.map((image) => image.z)).toEqual(['prior', 'encoder', ...fitted]);
      expect(controls!.prior.images !== undefined).toBe(run.regime !== 'encoder-only');
      expect(controls!.posterior.images !== undefined).toBe(run.regime !== 'encoder-only');
      expect(controls).toMatchObject({ fittedTo: 600, draws: 100, prior: { holeMass: { n: 100 } } });
      if (run.regime === 'random-z') expect(controls!.why).toContain('the encoder had no part');
      for (const image of run.images) expect(decode(await readFile(join(out, image.file))).channels).toBe(1);
      expect(run.codes).toMatchObject({ n: 100, dimensionRate: { length: 2 } });
      const { below, above, counts } = run.codes!.radius;
      expect(counts.reduce((sum, count) => sum + count, below + above)).toBe(100);
      const sources = { 'encoder-only': [], 'random-z': ['prior'] }[run.regime as string];
      const found = Object.keys(run.nearest ?? {}).filter((key) => key !== 'samples');
      expect(found).toEqual(sources ?? ['prior', 'encoder', 'fitted']);
      if (run.regime === 'random-z') expect(run.probes).toBeUndefined();
      else {
        const { shape } = readNpy(await readFile(join(out, run.probes!.file)), run.probes!.file);
        expect(shape).toEqual([run.curve.length, 2, 64, 2]);
      }
      expect(await readdir(join(out, run.folder, 'models'))).toEqual(['decoder.onnx', 'encoder.onnx']);
    }
    const report = await readFile(join(out, 'report.html'), 'utf8');
    expect(report.startsWith('<!doctype html>')).toBe(true);
    expect(report).toContain('<section id="repair">');
    expect(await readdir(join(out, 'figures'))).toContain('repair.svg');
    expect(study.extractor).toMatchObject({ file: 'extractor.onnx', distance: 'classifier Fréchet distance' });

    const again = newOut();
    await zdist(`study ${small} --regimes joint --workers 1 --quiet --out ${again}`);
    const [before, after] = [study, await studyIn(again)].map((each) =>
      each.runs.find((run) => run.regime === 'joint'),
    );
    expect(after!.curve).toEqual(before!.curve);
    expect([after!.codes, after!.nearest, after!.controls]).toEqual([before!.codes, before!.nearest, before!.controls]);
  });

  it('finishes the chunk on Ctrl-C, writes what there is and exits with 130', async () => {
    const out = newOut();
    const { child, ended } = start(`study --preset lyeoni --limit 600 --epochs 100000 --out ${out}`.split(' '));
    await untilBegun(out);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    const study = await studyIn(out);
    expect(study.state).toBe('interrupted');
    for (const run of study.runs) expect(run.error).toMatch(/^stopped by SIGINT at step \d+$/);
    expect(await readdir(out)).toContain('report.html');
  });

  // Child processes are found through /proc.
  it.skipIf(process.platform !== 'linux')('loses one run, not the study, when a child process is killed', async () => {
    const out = newOut();
    const endless = `study --preset lyeoni --limit 600 --epochs 100000 --regimes joint --workers 2 --out ${out}`;
    const { child, ended } = start(endless.split(' '));
    await untilBegun(out);
    const [victim] = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim().split(' ');
    process.kill(Number(victim), 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill('SIGINT');
    const { stderr } = await ended;
    expect(stderr).toMatch(/zdist: joint-\w+-seed1: its process was killed by SIGKILL/);
    expect((await studyIn(out)).runs.map((run) => run.state).sort()).toEqual(['failed', 'interrupted']);
  });
});

describe('zdist', () => {
  it('answers a wrong line with one line and exit code 2', async () => {
    expect(await zdist('study --epochs many')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'zdist: --epochs: expected a positive number, got "many"\n',
    });
  });

  it('trains one model and saves how', async () => {
    const out = newOut();
    const { code, stdout } = await zdist(`train ${small} --regime tandem --set optimizer.lr=0.01 --json --out ${out}`);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'done', regime: 'tandem', trained: ['encoder', 'decoder'] });
    expect(await readFile(join(out, 'config.yaml'), 'utf8')).toMatch(/lr: 0\.01/);
    const again = newOut();
    await zdist(`train --config ${join(out, 'config.yaml')} --quiet --out ${again}`);
    expect(await readFile(join(again, 'curve.csv'), 'utf8')).toBe(await readFile(join(out, 'curve.csv'), 'utf8'));
  });
});
