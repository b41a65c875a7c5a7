import { didYouMean, InputError } from '../../engine/errors/index.js';
import type { Effects, Given } from './effects.js';
import { dataFolders, isSet } from './options.js';
import { columns } from './table.js';

const ACTIONS = ['info', 'get'];

export const run = async (given: Given, effects: Effects): Promise<number> => {
  const { stdout, stderr, env } = effects;
  const [action, name] = given.args.map(String) as [string, string];
  if (!ACTIONS.includes(action)) {
    throw new InputError(`data: expected ${ACTIONS.join(' or ')}, got "${action}"${didYouMean(action, ACTIONS)}`);
  }
  const log = (line: string): void => void (isSet(given, 'quiet') || stderr.write(`${line}\n`));
  const { identifyData } = await effects.laboratory();
  const data = await identifyData({ data: name, ...dataFolders(env), log });
  if (isSet(given, 'json')) {
    stdout.write(`${JSON.stringify(data, null, 2)}\n`);
    return 0;
  }
  const rows = Object.entries(data).map(([key, value]) => `${`${key}:`.padEnd(8)} ${value}\n`);
  stdout.write(action === 'info' ? rows.join('') : columns([[`${data.name}: ready`, data.source]]));
  return 0;
};
