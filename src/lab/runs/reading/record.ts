/** `run.json` of every schema so far, as one shape. Reading never waits for a writer, and changes nothing. */
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { InputError } from '../../../engine/errors/index.js';
import { type FileSystem, readIfThere } from '../fileSystem.js';
import { SCHEMA } from '../runFolder.js';
import { parsePlainYaml } from './plainYaml.js';

/** A number that is not finite leaves a null in JSON. */
const value = z.union([z.number(), z.null().transform(() => Number.NaN)]);
const estimate = z.object({ value, se: value, n: z.number(), seed: z.exactOptional(z.number()) });
const final = z.object({
  rate: estimate,
  rateMc: estimate,
  score: estimate,
  elbo: estimate,
  momentKl: estimate,
  momentKlDraws: estimate,
});

const record = z.looseObject({
  schema: z.number(),
  name: z.string(),
  /** As its writer left it: `running` may mean that he died. */
  state: z.enum(['running', 'done', 'failed', 'interrupted']),
  started: z.string().default(''),
  error: z.exactOptional(z.string()),
  steps: z.number().default(0),
  seconds: value.default(0),
  final: z.exactOptional(final),
});

/** The settings by which runs are told apart; others may stand beside them. */
const config = z.looseObject({
  regime: z.string(),
  kl: z.string(),
  seed: z.number(),
  preset: z.string(),
  latents: z.number(),
  epochs: z.number(),
  batch: z.number(),
  data: z.string().default(''),
});

export type RunRecord = z.infer<typeof record> & { readonly config: z.infer<typeof config> };

/** Reading needs no more than this of a disk. */
export type Readable = Pick<FileSystem, 'readdir' | 'readFile' | 'stat'>;

const text = (content: Uint8Array): string => Buffer.from(content).toString('utf8');

/** Schema 1 had the configuration in `config.yaml` alone, but for what a result repeats of it. */
const configOf = async (files: Readable, folder: string, raw: Record<string, unknown>): Promise<unknown> => {
  if (raw.config !== undefined) return raw.config;
  const yaml = await readIfThere(files, join(folder, 'config.yaml'));
  if (yaml === undefined) return raw;
  const settings = text(yaml);
  return { ...raw, ...((parsePlainYaml(settings) ?? parse(settings)) as object) };
};

/**
 * What `run.json` of a folder says.
 *
 * Throws: InputError where there is none, it is damaged, or a later version wrote it.
 */
export const readRecord = async (files: Readable, folder: string): Promise<RunRecord> => {
  const path = join(folder, 'run.json');
  const content = await readIfThere(files, path);
  if (content === undefined) throw new InputError(`${folder}: expected a run folder, got one without run.json`);
  let raw: Record<string, unknown>;
  try {
    raw = JSON.parse(text(content)) as Record<string, unknown>;
  } catch (error) {
    throw new InputError(`${path}: expected JSON, got ${(error as Error).message}`);
  }
  if (typeof raw?.schema === 'number' && raw.schema > SCHEMA) {
    throw new InputError(
      `${path}: expected schema 1 … ${SCHEMA}, got ${raw.schema}: a later version of zdist wrote it`,
    );
  }
  const refused = ({ issues: [issue] }: z.ZodError): InputError =>
    new InputError(`${path}: ${issue?.path.join('.') || 'content'}: ${issue?.message}`);
  const parsed = record.safeParse(raw);
  if (!parsed.success) throw refused(parsed.error);
  const settings = config.safeParse(await configOf(files, folder, raw));
  if (!settings.success) throw refused(settings.error);
  return { ...parsed.data, config: settings.data };
};
