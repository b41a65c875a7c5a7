import { createRequire } from 'node:module';
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Study } from './study.js';

const require = createRequire(import.meta.url);

const packageVersion = (path: string): string => {
  const { version } = require(path) as { version: string };
  return version;
};

export const describeMachine = (): Study['machine'] => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
  platform: `${process.platform} ${process.arch}`,
});

export const zdistVersion = (): string => packageVersion('../../../package.json');

export const describeVersions = (): Study['versions'] => ({
  zdist: zdistVersion(),
  node: process.versions.node,
  'onnxruntime-node': packageVersion('onnxruntime-node/package.json'),
});
