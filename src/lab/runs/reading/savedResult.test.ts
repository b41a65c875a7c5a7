import files, { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runConfig, runEffects } from '../../../../test/support/study.js';
import { runJob } from '../runJob.js';
import { readRecord } from './record.js';
import { inOrder, savedResult } from './savedResult.js';

it('reads the result of a run as it was told, to the last character', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'zdist-saved-')), 'joint');
  const ignore = (): void => undefined;
  const listener = { onProgress: ignore, onEvaluation: ignore, onNote: ignore, stopReason: () => undefined };
  const { result } = await runJob({ name: 'joint', folder, config: runConfig }, runEffects(), listener);
  const saved = await savedResult(files, folder, await readRecord(files, folder));
  expect(JSON.stringify(saved)).toBe(JSON.stringify(inOrder(result)));
});
