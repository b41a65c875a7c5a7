/** A study whose processes are all killed in its middle, and gone on with: its numbers are those of one never interrupted. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const ZDIST = fileURLToPath(new URL('../../dist/lab/commands/zdist.js', import.meta.url));
const TINY = '--preset lyeoni --limit 600 --epochs 2 --regimes joint,random-z --workers 1'.split(' ');

let home: string;

/** In a group of its own, so that its child processes can be killed with it. */
const study = (
  args: readonly string[],
): { readonly child: ChildProcess; readonly ended: Promise<{ code: number | null; stderr: string }> } => {
  const env = { ...process.env, ZDIST_CACHE_DIR: join(home, 'cache') };
  const child = spawn(process.execPath, [ZDIST, 'study', ...args], {
    ...{ cwd: home, env, detached: true },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stderr })),
  );
  return { child, ended };
};

/** Everything but what depends on the clock. */
const lasting = async (folder: string): Promise<Record<string, string>> => {
  const json = await readFile(join(home, folder, 'study.json'), 'utf8');
  const timeless = json.replace(/^ *"(seconds|msPerStep|started)": .*$/gm, '');
  const names = ['curves.csv', 'data/kl-decay.csv', 'figures/kl-decay.svg', 'extractor.onnx'];
  const files = names.map(async (name) => [name, await readFile(join(home, folder, name), 'base64')] as const);
  return { 'study.json': timeless, ...Object.fromEntries(await Promise.all(files)) };
};

const stateOf = async (run: string): Promise<string | undefined> => {
  const text = await readFile(join(home, run, 'run.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { state: string }).state;
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'zdist-study-resume-'));
});

describe('a study that is killed', () => {
  it('keeps the runs that are done, goes on with the one under way, and ends with the same numbers', async () => {
    expect((await study([...TINY, '--out', 'whole', '--quiet']).ended).code).toBe(0);

    const killed = study([...TINY, '--out', 'killed', '--quiet']);
    // Two runs done, the third begun.
    for (;;) {
      const runs = await readdir(join(home, 'killed/runs')).catch(() => []);
      const states = await Promise.all(runs.map((run) => stateOf(`killed/runs/${run}`)));
      if (states.filter((state) => state === 'done').length >= 2 && states.includes('running')) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    process.kill(-killed.child.pid!, 'SIGKILL');
    await killed.ended;
    const runs = await readdir(join(home, 'killed/runs'));
    const done: string[] = [];
    for (const run of runs)
      if ((await stateOf(`killed/runs/${run}`)) === 'done') done.push(`killed/runs/${run}/run.json`);
    const before = await Promise.all(done.map(async (path) => (await stat(join(home, path))).mtimeMs));
    expect(done.length).toBeLessThan(3);

    const again = await study(['--out', 'killed', '--resume']).ended;
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('done before')]);
    expect(await lasting('killed')).toEqual(await lasting('whole'));
    expect(await Promise.all(done.map(async (path) => (await stat(join(home, path))).mtimeMs))).toEqual(before);
  }, 600_000);

  it('is not gone on with as another one, and not where there is none', async () => {
    const refused = async (...args: string[]) => (await study(args).ended).stderr;
    expect(await refused('--out', 'whole', '--resume', '--epochs', '3')).toMatch(
      /^zdist: epochs: expected 2, as the study in .*whole has it, got 3\n$/,
    );
    expect(await refused('--out', 'nowhere', '--resume')).toBe(
      'zdist: --resume: expected a study in nowhere, got none\n',
    );
    expect(await refused('--resume')).toBe('zdist: --resume: expected --out with the folder of a study, got none\n');
    expect(await refused('--out', 'whole')).toMatch(/expected a new or empty folder/);
    expect(await refused('--out', 'whole', '--resume', 'perhaps')).toMatch(/--resume: expected must, allow, never/);
  });
});
