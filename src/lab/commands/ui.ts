import { join, resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import { builtSite, exportLab, requireSite, serveLab } from '../server/index.js';
import { zdistVersion } from '../studies/machine.js';
import { mustBeFree } from '../studies/outFolder.js';
import type { Effects, Given } from './effects.js';
import { EXIT, exitOfSignal } from './exitCodes.js';
import { isSet, text } from './options.js';
import { listEffects } from './runs.js';

const HOST = '127.0.0.1';
const PORT = 4517;

const portOf = (given: string | undefined): number => {
  const port = given === undefined ? PORT : Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || given?.trim() === '') {
    throw new InputError(`--port: expected a whole number from 0 to 65535, got "${given}"`);
  }
  return port;
};

/** Throws: InputError for a path that is no folder; one that is not there yet will be. */
const folderOf = async ({ files, cwd }: Effects, given: string): Promise<{ root: string; isThere: boolean }> => {
  const root = resolve(cwd, given);
  const isThere = await files.stat(root).then(
    () => true,
    () => false,
  );
  if (isThere) {
    await files.readdir(root).catch((error: unknown) => {
      throw new InputError(
        `${given}: expected a folder of runs, got one that cannot be read: ${(error as Error).message}`,
      );
    });
  }
  return { root, isThere };
};

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { stdout, stderr, cwd, env } = effects;
  const folder = given.args[0] ?? 'runs';
  const { root, isThere } = await folderOf(effects, folder);
  const say = (line: string): void => void (isSet(given, 'quiet') || stderr.write(`${line}\n`));
  const site = builtSite();
  const out = text(given, 'export');
  if (out !== undefined) {
    if (!isThere) throw new InputError(`${folder}: expected a folder of runs, got none`);
    const to = resolve(cwd, out);
    await mustBeFree(effects.files, to);
    await requireSite(site);
    const { runs, bytes } = await exportLab({ root, folder, site, out: to, effects: listEffects(effects) });
    say(`${runs} runs, ${(bytes / 1e6).toFixed(1)} MB; any server of files shows it`);
    stdout.write(`${join(to, 'index.html')}\n`);
    return EXIT.done;
  }
  const host = text(given, 'host') ?? HOST;
  const token = text(given, 'token') ?? env.ZDIST_TOKEN;
  const interrupt = effects.interrupt();
  const server = await serveLab({
    ...{ root, folder, site, host, port: portOf(text(given, 'port')), version: zdistVersion() },
    ...(token !== undefined && token !== '' && { token }),
    effects: listEffects(effects),
    onFault: (error) => stderr.write(`zdist: ${error instanceof Error ? error.message : String(error)}\n`),
  });
  stdout.write(`${server.url}\n`);
  if (!isThere) say(`${folder}: no such folder yet; the lab shows runs as soon as there are any`);
  if (token) say('open it once with ?token= and the token behind it');
  say('Ctrl-C ends it');
  if (!interrupt.aborted) await new Promise((done) => interrupt.addEventListener('abort', done, { once: true }));
  await server.close();
  return exitOfSignal(interrupt.reason);
};
