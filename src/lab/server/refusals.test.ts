import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRun, raw, rawGet, startLab, temporary } from '../../../test/support/labServer.js';
import type { RunsAnswer } from './contract.js';
import type { LabServer } from './index.js';

const SECRET = 'what nobody may read';
const SECRETS = [SECRET, 'root:'];

let root: string;
let server: LabServer & { readonly faults: unknown[] };
let key: string;

beforeAll(async () => {
  const outside = await temporary('outside');
  await writeFile(join(outside, 'secret.txt'), SECRET);
  root = join(outside, 'runs');
  const folder = await makeRun(root, 'joint-1');
  await mkdir(join(folder, 'audit'));
  await symlink(join(outside, 'secret.txt'), join(folder, 'link.txt'));
  await symlink(outside, join(folder, 'linked'));
  await symlink('run.json', join(folder, 'inside.json'));
  server = await startLab(root);
  key = ((await (await fetch(`${server.url}api/runs.json`)).json()) as RunsAnswer).runs[0]!.key;
});
afterAll(async () => {
  await server.close();
  expect(server.faults).toEqual([]);
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
    expect((await rawGet(server.port, '/api/runs.json')).status).toBe(200);
  });
});
