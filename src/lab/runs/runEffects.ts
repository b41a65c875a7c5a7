/** What a run works with in earnest. */
import files from 'node:fs/promises';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { train } from '../../vae/training/index.js';
import { encodeCodes } from './codesFile.js';
import { drawSamples, viewFrames } from './drawSamples.js';
import { processesHere } from './lock/writers.js';
import { measureControls } from './measureControls.js';
import { measureModel } from './measureModel.js';
import { openData } from './openData.js';
import { describeOrigin } from './origin.js';
import type { RunEffects } from './runJob.js';

export const runEffects: RunEffects = {
  files,
  now: Date.now,
  processes: processesHere(),
  describeOrigin,
  repeat: (work, milliseconds) => {
    const timer = setInterval(work, milliseconds);
    return () => clearInterval(timer);
  },
  train: (config, data, hooks, start) => train(config, data, nodeRuntime({ threads: config.threads }), hooks, start),
  openData: ({ config, ...folders }) => openData({ ...config, ...folders }),
  measureModel: (model, data, job) => measureModel(model, data, job, nodeRuntime({ threads: job.config.threads })),
  encodeCodes,
  measureControls: (model, data, job) =>
    measureControls(files, model, data, job, nodeRuntime({ threads: job.config.threads })),
  drawSamples: (model, data, job) => drawSamples(files, model, data, job),
  viewFrames: (data, job) => viewFrames(data, job, nodeRuntime({ threads: job.config.threads })),
};
