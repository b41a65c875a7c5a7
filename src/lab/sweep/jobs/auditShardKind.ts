import { basename } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../../engine/errors/index.js';
import { type CodesIdentity, identifyCodes, MOST_SHARDS, type Shard, writeShard } from '../../audit/index.js';
import { CODE_OPTIONS, type CodeRequest } from '../../codes/index.js';
import type { FileSystem } from '../../runs/fileSystem.js';
import type { JobEnd, JobKind, JobSpec } from './job.js';
import { type CodeVersion, checkCode, parseSpec } from './spec.js';

/** What decides the summary of a part of the rows. Codes are named by paths within the data folder of the worker. */
export interface AuditShardSpec extends JobSpec {
  readonly kind: 'audit-shard';
  readonly request: Pick<CodeRequest, 'options' | 'codes' | 'testCodes'>;
  readonly shard: Shard;
  readonly seed: number;
  readonly data: CodesIdentity;
  readonly code: CodeVersion;
}

export interface AuditShardEffects {
  readonly files: FileSystem;
  readonly code: CodeVersion;
  /** The folder that the paths of a request are relative to. Throws: InputError where it names files beyond it. */
  readonly folderOf: (request: CodeRequest) => Promise<string>;
}

const text = z.string().min(1).max(4096);
const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);
/** Neither a query nor labels: the one would be code, the other is not streamed. */
const OPTIONS = Object.fromEntries(
  CODE_OPTIONS.filter((name) => name !== 'labels').map((name) => [name, z.exactOptional(text)]),
);

const specSchema = z.strictObject({
  kind: z.literal('audit-shard'),
  request: z.strictObject({
    options: z.strictObject(OPTIONS),
    codes: z.exactOptional(text),
    testCodes: z.exactOptional(text),
  }),
  shard: z
    .strictObject({ index: z.int().min(1), of: z.int().min(1).max(MOST_SHARDS) })
    .refine(({ index, of }) => index <= of, { error: 'index <= of' }),
  seed: z.int().min(0).max(0xffffffff),
  data: z.strictObject({ train: fingerprint, test: z.exactOptional(fingerprint) }),
  code: z.record(z.string(), z.string()),
});

const shown = ({ train, test }: CodesIdentity): string =>
  [train, test ?? 'none held out'].map((part) => part.slice(0, 16)).join(' and ');

/** Summarises one part of the rows of codes, by a thread of its own. The file of the summary is the artefact. */
export const auditShardKind = ({ files, code, folderOf }: AuditShardEffects): JobKind => ({
  work: async (given, { folder, signal }): Promise<JobEnd> => {
    const spec = parseSpec(specSchema, given) as AuditShardSpec;
    checkCode(spec.code, code);
    const { request, shard, seed, data } = spec;
    const cwd = await folderOf(request);
    const found = await identifyCodes(cwd, request);
    if (found.train !== data.train || found.test !== data.test) {
      throw new InputError(`codes: expected the fingerprint ${shown(data)}, got ${shown(found)}`);
    }
    try {
      const options = { cwd, seed, threads: 1, onProgress: () => undefined, signal };
      const path = await writeShard(files, folder, request, shard, options);
      return { state: 'done', files: [basename(path)], tells: [] };
    } catch (error) {
      if (!signal.aborted) throw error;
      return { state: 'interrupted', reason: `stopped by ${String(signal.reason)}` };
    }
  },
});
