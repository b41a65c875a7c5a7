import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effects } from '../../../test/support/study.js';
import { main } from './program.js';

const RUN = fileURLToPath(new URL('../../../test/fixtures/runs/schema1-done', import.meta.url));

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}

/** A server that knows what MLflow's tracking server answers, and keeps what it was asked. */
const asked: Asked[] = [];
let server: Server;
let refusing = false;

const answer = (path: string): [number, unknown] => {
  if (refusing) return [400, { error_code: 'INVALID_PARAMETER_VALUE' }];
  if (path.startsWith('experiments/get-by-name')) return [404, { error_code: 'RESOURCE_DOES_NOT_EXIST' }];
  if (path === 'experiments/create') return [200, { experiment_id: '7' }];
  if (path === 'runs/create') return [200, { run: { info: { run_id: 'abc' } } }];
  return [200, {}];
};

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const path = request.url!.replace('/base/api/2.0/mlflow/', '');
      const { authorization } = request.headers;
      asked.push({ method: request.method!, path, authorization, body: JSON.parse(body || '{}') as Asked['body'] });
      const [status, content] = answer(path);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

const zdist = async (...argv: string[]) => {
  const cwd = await mkdtemp(join(tmpdir(), 'zdist-export-'));
  const each = effects(cwd, { env: { MLFLOW_TRACKING_TOKEN: 'secret' } });
  const code = await main(['runs', 'export', ...argv], '0', each);
  return { cwd, code, stdout: each.stdout.text, stderr: each.stderr.text };
};
const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;

describe('zdist runs export', () => {
  it('tells a run to MLflow by its protocol', async () => {
    const { code, stdout } = await zdist(RUN, '--to', 'mlflow', '--url', url(), '--experiment', 'z & q');
    expect([code, stdout]).toEqual([0, `${RUN}: abc\n`]);
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET experiments/get-by-name?experiment_name=z%20%26%20q',
      'POST experiments/create',
      'POST runs/create',
      'POST runs/log-batch',
      'POST runs/log-batch',
      'POST runs/update',
    ]);
    expect(asked.every(({ authorization }) => authorization === 'Bearer secret')).toBe(true);
    const [, experiment, created, first, second, update] = asked.map(({ body }) => body);
    expect(experiment).toEqual({ name: 'z & q' });
    expect(created).toMatchObject({ experiment_id: '7', run_name: expect.any(String), start_time: expect.any(Number) });
    expect(first!.params).toContainEqual({ key: 'regime', value: 'joint' });
    expect(first!.params).toContainEqual({ key: 'hidden', value: '[512,256]' });
    const metrics = second!.metrics as { key: string; step: number; value: number; timestamp: number }[];
    expect(metrics.length).toBeLessThanOrEqual(1000);
    expect(new Set(metrics.map(({ key }) => key)).size).toBe(6);
    expect(metrics.every(({ value, step, timestamp }) => [value, step, timestamp].every(Number.isFinite))).toBe(true);
    expect(update).toMatchObject({ run_id: 'abc', status: 'FINISHED', end_time: expect.any(Number) });
  });

  it('says what the server refuses, and never the token', async () => {
    refusing = true;
    const refused = await zdist(RUN, '--to', 'mlflow', '--url', url());
    refusing = false;
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/expected status 200, got 400: \{"error_code":"INVALID_PARAMETER_VALUE"\}/);
    const absent = await zdist(RUN, '--to', 'mlflow', '--url', 'http://127.0.0.1:1');
    expect([absent.code, absent.stderr]).toEqual([
      2,
      expect.stringContaining('127.0.0.1:1: expected an MLflow server'),
    ]);
    expect(refused.stderr + absent.stderr).not.toContain('secret');
  });

  it('writes an event file for TensorBoard', async () => {
    const { cwd, code, stdout } = await zdist(RUN, '--to', 'tensorboard', '--out', 'logs');
    expect(code).toBe(0);
    const file = stdout.trim();
    expect(file.startsWith(join(cwd, 'logs/schema1-done/events.out.tfevents.'))).toBe(true);
    expect((await readFile(file)).subarray(0, 8).readBigUInt64LE()).toBe(24n);
  });

  it.each([
    [[RUN], '--to: expected tensorboard or mlflow, got nothing'],
    [[RUN, '--to', 'mlflow'], '--url: expected the address of an MLflow server, got nothing'],
    [['--to', 'mlflow'], 'runs export: expected the folder of a run, got none'],
  ])('refuses %j', async (argv, message) => {
    expect(await zdist(...argv)).toMatchObject({ code: 2, stderr: `zdist: ${message}\n` });
  });
});
