/** A Redis of a test's own on a free port of 127.0.0.1, and a proxy before it that can be cut. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const found = spawnSync('redis-server', ['--version']).status === 0;
if (!found && process.env.ZDIST_REQUIRE_REDIS === '1') {
  throw new Error('redis-server: expected it on this machine (ZDIST_REQUIRE_REDIS=1), got none');
}
if (!found) process.stderr.write('redis-server is not on this machine: tests of the queue are skipped\n');

/** Tests that need Redis are skipped where there is none. */
export const withoutRedis = !found;

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

export interface TestRedis {
  readonly port: number;
  readonly url: string;
  /** Ends it at once, with all that it knows, and starts an empty one in its place. */
  killAndRestart(downFor?: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * `policy` is what it does when its memory is full; `tls` a folder with server.pem and server.key; with `user`, nobody else
 * may enter.
 */
export const startRedis = async (
  options: { policy?: string; password?: string; user?: string; appendOnly?: boolean; tls?: string } = {},
): Promise<TestRedis> => {
  const { policy = 'noeviction', password, user, appendOnly = false, tls } = options;
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'zdist-redis-'));
  const settings = [
    ...[tls ? '--tls-port' : '--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...(tls ? ['--port', '0', '--tls-cert-file', `${tls}/server.pem`, '--tls-key-file', `${tls}/server.key`] : []),
    ...(tls ? ['--tls-auth-clients', 'no', '--tls-ca-cert-file', `${tls}/authority.pem`] : []),
    ...['--maxmemory-policy', policy, '--appendonly', appendOnly ? 'yes' : 'no'],
    ...(password === undefined || user !== undefined ? [] : ['--requirepass', password]),
    ...(user === undefined
      ? []
      : ['--user', user, 'on', `>${password}`, '~*', '&*', '+@all', '--user', 'default', 'off']),
  ];
  const start = async (): Promise<ChildProcess> => {
    const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'pipe'] });
    await new Promise<void>((resolve, reject) => {
      child.stdout!.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes('Ready to accept connections')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    });
    return child;
  };
  const end = (child: ChildProcess): Promise<void> =>
    new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  let child = await start();
  return {
    port,
    url: `${tls ? 'rediss' : 'redis'}://${password === undefined ? '' : `${user ?? ''}:${password}@`}127.0.0.1:${port}`,
    killAndRestart: async (downFor = 500) => {
      await end(child);
      await new Promise((resolve) => setTimeout(resolve, downFor));
      child = await start();
    },
    stop: () => end(child),
  };
};

export interface CutProxy {
  readonly port: number;
  /** Breaks every connection there is, and refuses new ones for so many milliseconds. */
  cut(refuseFor?: number): void;
  close(): void;
}

/** Passes connections on to a port of this machine. */
export const proxyTo = async (target: number): Promise<CutProxy> => {
  const sockets = new Set<Socket>();
  let refusing = false;
  const server = createServer((from) => {
    if (refusing) return void from.destroy();
    const to = connect(target, '127.0.0.1');
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const cut = (refuseFor = 0): void => {
    refusing = refuseFor > 0;
    for (const socket of sockets) socket.destroy();
    setTimeout(() => {
      refusing = false;
    }, refuseFor);
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    close: () => {
      cut();
      server.close();
    },
  };
};
