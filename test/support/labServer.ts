/** A lab over runs that take no time to make, with a page that says little, and requests byte by byte. */
import files, { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processesHere } from '../../src/lab/runs/lock/writers.js';
import type { ListEffects } from '../../src/lab/runs/reading/listRuns.js';
import { runJob } from '../../src/lab/runs/runJob.js';
import { type LabServer, type LabServerOptions, serveLab } from '../../src/lab/server/index.js';
import { writeParquet } from './parquet.js';
import { runConfig, runEffects } from './study.js';

const ignore = (): void => undefined;
const listener = { onProgress: ignore, onEvaluation: ignore, onNote: ignore, stopReason: () => undefined };

export const temporary = (name: string): Promise<string> => mkdtemp(join(tmpdir(), `zdist-${name}-`));

/** A run that is done, with codes of two images. Gives its folder. */
export const makeRun = async (root: string, name: string, seed = 1): Promise<string> => {
  const folder = join(root, name);
  await runJob({ name, folder, config: { ...runConfig, seed } }, runEffects(), listener);
  const codes = '0::uinteger as index, 3::utinyint as label, 1::float as mu_0, 2::float as mu_1';
  const row = `select ${codes}, 0::float as log_var_0, ln(4)::float as log_var_1`;
  await writeParquet(join(folder, 'codes'), 'test.parquet', `${row} union all ${row.replace('3::', '7::')}`);
  return folder;
};

/** Built pages, as far as a server sees them. */
export const makeSite = async (): Promise<string> => {
  const site = await temporary('site');
  await mkdir(join(site, 'assets'));
  await writeFile(join(site, 'index.html'), '<!doctype html><title>lab</title>');
  await writeFile(join(site, 'assets/index-abc.js'), `export const text = '${'a'.repeat(4000)}';`);
  await writeFile(join(site, 'assets/ort.wasm'), new Uint8Array(4000));
  return site;
};

export const listEffects = async (): Promise<ListEffects> => ({
  ...{ files, now: Date.now, processes: processesHere() },
  cacheDir: await temporary('cache'),
});

/** On a free port of this machine. Faults fail the test that asks for `faults`. */
export const startLab = async (
  root: string,
  changes: Partial<LabServerOptions> = {},
): Promise<LabServer & { readonly faults: unknown[] }> => {
  const faults: unknown[] = [];
  const server = await serveLab({
    ...{ root, folder: 'runs', version: '1.2.3', host: '127.0.0.1', port: 0 },
    site: changes.site ?? (await makeSite()),
    effects: await listEffects(),
    onFault: (error) => faults.push(error),
    ...changes,
  });
  return { ...server, faults };
};

export interface RawAnswer {
  /** 0 where the connection was closed without an answer. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends bytes as they are: clients put addresses right before they ask. */
export const raw = (port: number, request: string): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (part: string) => {
      text += part;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? finish() : reject(error)));
    const finish = (): void => {
      const [head = '', ...body] = text.split('\r\n\r\n');
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), head, body: body.join('\r\n\r\n') });
    };
    socket.on('end', finish);
    socket.write(Buffer.from(request, 'latin1'));
  });

/** GET with these headers; the connection ends with the answer. */
export const rawGet = (
  port: number,
  target: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> => {
  const all = { Host: `127.0.0.1:${port}`, Connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return raw(port, `GET ${target} HTTP/1.1\r\n${lines.join('')}\r\n`);
};
