import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listEffects, makeRun, makeSite, raw, rawGet, startLab, temporary } from '../../../test/support/labServer.js';
import { readNpy } from '../data/npy.js';
import type { MetricsAnswer, RunDetail, RunsAnswer } from './contract.js';
import { type LabServer, serveLab } from './index.js';

const SECRET = 'what nobody may read';
const SECRETS = [SECRET, 'root:'];

let root: string;
let server: LabServer & { readonly faults: unknown[] };
let key: string;

const get = (path: string, init?: RequestInit): Promise<Response> => fetch(server.url + path, init);
const json = async <T>(path: string): Promise<T> => (await (await get(path)).json()) as T;

beforeAll(async () => {
  const outside = await temporary('outside');
  await writeFile(join(outside, 'secret.txt'), SECRET);
  root = join(outside, 'runs');
  const folder = await makeRun(root, 'joint-1');
  await makeRun(root, 'joint-2', 2);
  await mkdir(join(folder, 'audit'));
  await writeFile(join(folder, 'audit/audit.json'), '{"verdict":"mismatched"}');
  await writeFile(join(folder, 'samples.html'), '<script>1</script>');
  await writeFile(join(folder, 'empty.csv'), '');
  await writeFile(join(folder, '100% ü.txt'), 'odd');
  await symlink(join(outside, 'secret.txt'), join(folder, 'link.txt'));
  await symlink(outside, join(folder, 'linked'));
  await symlink('run.json', join(folder, 'inside.json'));
  server = await startLab(root);
  key = (await json<RunsAnswer>('api/runs.json')).runs[0]!.key;
});
afterAll(async () => {
  await server.close();
  expect(server.faults).toEqual([]);
});

describe('the API', () => {
  it('says what it is', async () => {
    expect(await json('api/lab.json')).toEqual({ version: '1.2.3', folder: 'runs', live: true });
  });

  it('lists runs as rows', async () => {
    const { runs, studies, problems } = await json<RunsAnswer>('api/runs.json');
    expect(runs.map(({ folder, seed }) => [folder, seed])).toEqual([
      ['joint-1', 1],
      ['joint-2', 2],
    ]);
    expect(runs[0]).toMatchObject({
      ...{ key: expect.stringMatching(/^[0-9a-f]{10}$/), state: 'done', regime: 'joint', beta: 1, steps: 200 },
      ...{
        verdict: 'mismatched',
        sparkline: Array(4).fill(expect.closeTo(-96.7, 9)),
        final: { rate: { value: 19.4 } },
      },
    });
    expect(runs[0]!.group).toBe(runs[1]!.group);
    expect([studies, problems]).toEqual([[], []]);
  });

  it('tells a run in full, with its files and its audit', async () => {
    const detail = await json<RunDetail>(`api/runs/${key}/run.json`);
    expect(detail).toMatchObject({ folder: 'joint-1', record: { schema: 2 }, audit: { verdict: 'mismatched' } });
    const paths = detail.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['audit/audit.json', 'models/decoder.onnx', 'run.json']));
    expect(paths.filter((path) => /lock|link|inside/.test(path))).toEqual([]);
  });

  it('gives metrics and codes', async () => {
    const { curve, progress, probes, end } = await json<MetricsAnswer>(`api/runs/${key}/metrics.json`);
    expect([curve.length, progress.length, probes.length]).toEqual([4, 4, 4]);
    expect(curve[3]).toMatchObject({ step: 200, rate: { value: 19.4, n: 10_000 } });
    expect(end).toBeGreaterThan(0);
    const array = async (name: string) =>
      readNpy(new Uint8Array(await (await get(`api/runs/${key}/${name}`)).arrayBuffer()), name);
    const codes = await array('codes.npy');
    expect(codes.shape).toEqual([2, 2, 2]);
    expect([...codes.data].map(Number)).toEqual([1, 2, 1, expect.closeTo(2, 6), 1, 2, 1, expect.closeTo(2, 6)]);
    expect([...(await array('labels.npy')).data].map(Number).sort()).toEqual([3, 7]);
  });

  it('gives files as they lie there, and asks for nothing twice', async () => {
    const path = `api/runs/${key}/files/run.json`;
    const first = await get(path);
    expect(first.headers.get('content-type')).toBe('application/json');
    expect(await first.json()).toMatchObject({ schema: 2 });
    const etag = first.headers.get('etag')!;
    expect((await get(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const head = await get(path, { method: 'HEAD' });
    expect([head.status, Number(head.headers.get('content-length'))]).toEqual([200, expect.any(Number)]);
    expect(await (await get(`api/runs/${key}/files/empty.csv`)).text()).toBe('');
    expect(await (await get(`api/runs/${key}/files/100%25%20%C3%BC.txt`)).text()).toBe('odd');
  });

  it('shows documents of run folders as a site of nobody', async () => {
    const { headers } = await get(`api/runs/${key}/files/samples.html`);
    expect(headers.get('content-security-policy')).toMatch(/^sandbox allow-scripts .*default-src 'none'/);
  });

  it.each([
    'api/runs/0000000000/run.json',
    'api/runs/0000000000/codes.npy',
    'api/studies/0000000000/study.json',
    'api/nothing',
    'nothing.js',
  ])('says that there is no %s', async (path) => {
    const answer = await get(path);
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringMatching(/expected .*, got none/)]);
  });

  it('finds a run that is new, and forgets one that is gone', async () => {
    const folder = await makeRun(root, 'joint-3', 3);
    expect((await json<RunsAnswer>('api/runs.json')).runs).toHaveLength(3);
    await rm(folder, { recursive: true });
    expect((await json<RunsAnswer>('api/runs.json')).runs).toHaveLength(2);
  });

  it('shows an empty lab where there is no folder yet', async () => {
    const empty = await startLab(join(root, 'later'));
    const { runs, problems } = (await (await fetch(`${empty.url}api/runs.json`)).json()) as RunsAnswer;
    expect([runs, problems, empty.faults]).toEqual([[], [], []]);
    await empty.close();
  });
});

describe('the pages', () => {
  it('come with the headers that keep them to themselves', async () => {
    const { headers } = await get('');
    expect(headers.get('content-security-policy')).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('are packed and kept where their names change with their content', async () => {
    const asset = await rawGet(server.port, '/assets/index-abc.js', { 'Accept-Encoding': 'gzip' });
    expect(asset.head).toMatch(/content-encoding: gzip/i);
    expect(asset.head).toMatch(/cache-control: public, max-age=31536000, immutable/i);
    expect(asset.body.length).toBeLessThan(1000);
    const wasm = await rawGet(server.port, '/assets/ort.wasm', { 'Accept-Encoding': 'gzip' });
    expect(wasm.head).toMatch(/content-type: application\/wasm/i);
    expect(wasm.head).not.toMatch(/content-encoding/i);
    expect((await get('')).headers.get('cache-control')).toBe('no-cache');
  });
});

describe('what is refused', () => {
  it.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '127.0.0.1@evil.example',
    '10.0.0.1',
    '[::2]',
    ' ',
  ])('the host %s, in the API and on pages', async (host) => {
    for (const target of ['/', '/api/runs.json']) {
      const { status, body } = await rawGet(server.port, target, { Host: host });
      expect([403, 400]).toContain(status);
      expect(body).not.toContain('joint');
    }
  });

  it.each(['localhost', 'LOCALHOST:1234', '127.0.0.1:8080', '[::1]:4517'])('not the host %s', async (host) => {
    expect((await rawGet(server.port, '/api/runs.json', { Host: host })).status).toBe(200);
  });

  it.each([
    { Origin: 'http://evil.example' },
    { Origin: 'null' },
    { Origin: 'http://127.0.0.1:1' },
    { Origin: '%%%' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
  ])('a page of another origin: %o', async (headers: Record<string, string>) => {
    for (const target of ['/api/runs.json', '/api/events', `/api/runs/${key}/files/run.json`]) {
      expect((await rawGet(server.port, target, headers)).status).toBe(403);
    }
    const own = { Origin: `http://127.0.0.1:${server.port}`, 'Sec-Fetch-Site': 'same-origin' };
    expect((await rawGet(server.port, '/api/runs.json', own)).status).toBe(200);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('the method %s', async (method) => {
    const request = `${method} /api/runs.json HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
    const { status, head } = await raw(server.port, request);
    expect([status, head]).toEqual([405, expect.stringMatching(/allow: GET, HEAD/i)]);
  });

  const targets = (prefix: string): string[] =>
    [
      '../secret.txt',
      '../../secret.txt',
      '../../../../../../../../etc/passwd',
      '%2e%2e/%2e%2e/secret.txt',
      '..%2f..%2fsecret.txt',
      '%2e%2e%2f%2e%2e%2fsecret.txt',
      '%252e%252e%252fsecret.txt',
      '..%252f..%252fsecret.txt',
      '..%c0%af..%c0%afsecret.txt',
      '..\\..\\secret.txt',
      '..%5c..%5csecret.txt',
      '....//....//secret.txt',
      './/../secret.txt',
      '/etc/passwd',
      '%2fetc%2fpasswd',
      'file:///etc/passwd',
      'link.txt',
      'linked/secret.txt',
      'run.json%00.png',
      'run.json%00',
      '%00',
      '%',
      '%zz',
      '%e0%a4%a',
      '%ff%fe',
      '',
      '.',
      'audit',
      `${'a/'.repeat(3000)}b`,
      'a'.repeat(5000),
    ].map((path) => prefix + path);

  it('any path out of a run, a study, or the pages', async () => {
    const prefixes = [`/api/runs/${key}/files/`, '/api/studies/0000000000/files/', '/assets/', '//', '/api/runs/'];
    for (const target of prefixes.flatMap(targets)) {
      const { status, body } = await rawGet(server.port, target);
      // `/` itself is a page, however it is written.
      if (status === 200) expect(body).toContain('<title>lab</title>');
      else expect([400, 403, 404, 414, 431]).toContain(status);
      for (const secret of SECRETS) expect(body).not.toContain(secret);
    }
    expect((await rawGet(server.port, `/api/runs/${key}/files/inside.json`)).status).toBe(200);
  });

  it.each([
    ['no request at all', 'nonsense\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['no host in an old request', 'GET /api/runs.json HTTP/1.0\r\n\r\n', 400],
    ['two lengths', 'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['a header that is too large', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
    ['an address that is too long', `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
  ])('%s', async (_, request, status) => {
    expect((await raw(server.port, request)).status).toBe(status);
  });

  it('the address of another server, asked for through this one', async () => {
    const { status, body } = await rawGet(server.port, 'http://evil.example/../secret.txt', { Host: 'evil.example' });
    expect([400, 403]).toContain(status);
    expect(body).not.toContain(SECRET);
  });

  it('and goes on serving', async () => {
    expect((await get('api/runs.json')).status).toBe(200);
  });
});

describe('a token', () => {
  const token = 'sixteen-letters-and-more';
  let guarded: LabServer;
  beforeAll(async () => {
    guarded = await startLab(root, { token });
  });
  afterAll(() => guarded.close());

  const ask = (path: string, headers: Record<string, string> = {}) => rawGet(guarded.port, path, headers);

  it('is asked for on every page and answer', async () => {
    for (const path of ['/', '/api/runs.json', '/api/events', '/assets/index-abc.js']) {
      expect((await ask(path)).status).toBe(401);
      expect((await ask(path, { Authorization: 'Bearer wrong-wrong-wrong-wrong' })).status).toBe(401);
      expect((await ask(path, { Cookie: `zdist-${guarded.port}=${token}` })).status).toBe(401);
    }
    expect((await ask('/?token=wrong')).status).toBe(401);
  });

  it('is taken as a header', async () => {
    expect((await ask('/api/runs.json', { Authorization: `Bearer ${token}` })).status).toBe(200);
  });

  it('in the address becomes a cookie that no script reads, and leaves the address', async () => {
    const { status, head, body } = await ask(`/?token=${token}`);
    const cookie = /set-cookie: ([^;]+); Path=\/; HttpOnly; SameSite=Strict/i.exec(head)![1]!;
    expect(status).toBe(200);
    expect(body).toContain('http-equiv="refresh" content="0; url=./"');
    expect(head + body).not.toContain(token);
    expect((await ask('/', { Cookie: `other=1; ${cookie}` })).status).toBe(200);
  });

  it('must be given, and not easy to guess, where others can reach the server', async () => {
    const start = async (host: string, given?: string) =>
      serveLab({
        ...{ root, folder: 'runs', site: await makeSite(), version: '1', host, port: 0, onFault: () => undefined },
        effects: await listEffects(),
        ...(given !== undefined && { token: given }),
      });
    await expect(start('0.0.0.0')).rejects.toThrow(/--host 0\.0\.0\.0: expected --token or ZDIST_TOKEN .*got none/);
    await expect(start('127.0.0.1', 'short')).rejects.toThrow('--token: expected 16 characters or more, got 5');
    await expect(start('127.0.0.1', 'with spaces in between')).rejects.toThrow(/--token: expected letters/);
    await expect(start('203.0.113.7', token)).rejects.toThrow('--host: expected an address of this machine');
    const open = await start('0.0.0.0', token);
    const bearer = { Authorization: `Bearer ${token}` };
    expect((await rawGet(open.port, '/api/runs.json', { ...bearer, Host: '192.0.2.1:80' })).status).toBe(200);
    expect((await rawGet(open.port, '/api/runs.json', { ...bearer, Host: 'evil.example' })).status).toBe(403);
    await open.close();
  });
});

describe('a port', () => {
  it('that is taken is said, with one that is free', async () => {
    await expect(startLab(root, { port: server.port })).rejects.toThrow(
      /^--port: expected a free port, got \d+, which is taken; \d+ is free, and --port 0 takes any$/,
    );
  });

  it('is not opened without pages to show', async () => {
    await expect(startLab(root, { site: join(root, 'none') })).rejects.toThrow(
      /expected the built lab, got no index\.html; in a checkout, run npm run build/,
    );
  });
});
