import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { defineWorker } from '../commands/definitions.js';

const documents = async (name: string): Promise<unknown[]> => {
  const text = await readFile(new URL(`../../../deploy/${name}`, import.meta.url), 'utf8');
  const read = parseAllDocuments(text);
  if (!Array.isArray(read)) throw new Error(`${name}: expected documents, got none`);
  for (const { errors } of read) expect(errors).toEqual([]);
  return read.map((each) => each.toJSON() as unknown);
};

/** Words of a command after `worker` that zdist takes. */
const takes = (words: readonly string[]): void => {
  expect(words.find((word) => word.startsWith('zdist'))).toMatch(/^zdist@\d+\.\d+\.\d+$/);
  const given = words.slice(words.indexOf('worker') + 1);
  expect(() => defineWorker(new Command('worker')).exitOverride().parse(given, { from: 'user' })).not.toThrow();
};

describe('the example deployments', () => {
  it('start workers with options that there are, and a Redis that drops nothing', async () => {
    const [compose] = (await documents('compose.yaml')) as [{ services: Record<string, { command: string[] }> }];
    takes(compose.services.worker!.command);
    expect(compose.services.redis!.command.join(' ')).toContain('--maxmemory-policy noeviction --appendonly yes');

    type Workload = {
      kind: string;
      spec: { template: { spec: { containers: { command: string[]; args?: string[] }[] } } };
    };
    const objects = (await documents('kubernetes.yaml')) as Workload[];
    expect(objects.map(({ kind }) => kind)).toEqual(['Service', 'StatefulSet', 'Deployment']);
    takes(objects[2]!.spec.template.spec.containers[0]!.command);
    expect(objects[1]!.spec.template.spec.containers[0]!.args!.join(' ')).toContain('--maxmemory-policy noeviction');
  });
});
