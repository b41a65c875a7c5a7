/** The server of the lab: reads a folder of runs, and tells pages of it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { InputError } from '../../engine/errors/index.js';
import { systemCode } from '../runs/fileSystem.js';
import type { ListEffects } from '../runs/reading/listRuns.js';
import { Access, requireToken } from './access.js';
import { Lab } from './lab.js';
import { routes } from './routes.js';
import { requireSite } from './site.js';
import { STREAM_SETTINGS, type StreamSettings, Streams } from './streams.js';

export interface LabServerOptions {
  /** Absolute path of the folder of runs; it may come later. */
  readonly root: string;
  /** As the reader knows it. */
  readonly folder: string;
  /** Folder of the built pages. */
  readonly site: string;
  readonly version: string;
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly token?: string;
  readonly effects: ListEffects;
  readonly onFault: (error: unknown) => void;
  readonly streams?: StreamSettings;
}

export interface LabServer {
  /** `http://127.0.0.1:4517/` */
  readonly url: string;
  readonly port: number;
  /** Ends all streams and answers at once. */
  close(): Promise<void>;
  /** Open streams of events. */
  readonly readers: () => number;
}

const addressOf = (host: string, port: number): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;

const listening = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

/** A free port after this one, to name it. */
const freePort = async (host: string, port: number): Promise<number | undefined> => {
  for (let next = port + 1; next <= Math.min(port + 50, 65_535); next++) {
    const probe = createServer();
    const found = await listening(probe, host, next).catch(() => undefined);
    await new Promise((resolve) => probe.close(resolve));
    if (found !== undefined) return found;
  }
  return undefined;
};

const refusal = async (error: unknown, host: string, port: number): Promise<unknown> => {
  const code = systemCode(error);
  if (code === 'EADDRINUSE') {
    const free = await freePort(host, port);
    const say = free === undefined ? '--port 0 takes any' : `${free} is free, and --port 0 takes any`;
    return new InputError(`--port: expected a free port, got ${port}, which is taken; ${say}`);
  }
  if (code === 'EACCES') return new InputError(`--port: expected one that you may use, got ${port}`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new InputError(`--host: expected an address of this machine, got ${host}`);
  }
  return error;
};

/**
 * Starts the server.
 *
 * Throws: InputError where the port is taken, the host is not this machine's, others could read without a token, or the
 * pages were not built.
 */
export const serveLab = async (options: LabServerOptions): Promise<LabServer> => {
  const { root, folder, site, version, host, port, token, effects, onFault } = options;
  requireToken(host, token);
  await requireSite(site);
  const lab = new Lab(root, effects);
  const streams = new Streams(lab, onFault, options.streams ?? STREAM_SETTINGS);
  let app: ReturnType<typeof routes> | undefined;
  const server = createAdaptorServer({
    // Nothing is asked before the server listens, and only then its port is known.
    fetch: (request, env) => app!.fetch(request, env as never),
    overrideGlobalObjects: false,
  }) as Server;
  const bound = await listening(server, host, port).catch(async (error: unknown) => {
    throw await refusal(error, host, port);
  });
  const access = new Access(host, bound, token);
  app = routes({ lab, streams, access, info: { version, folder, live: true }, site, onFault });
  return {
    url: addressOf(host, bound),
    port: bound,
    readers: () => streams.count,
    close: () => {
      streams.close();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
};
