/** What a run works with in earnest. */
import files from 'node:fs/promises';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { train } from '../../vae/training/index.js';
import { drawSamples } from './drawSamples.js';
import { measureControls } from './measureControls.js';
import { measureModel } from './measureModel.js';
import { openData } from './openData.js';
import type { RunEffects } from './runJob.js';

export const runEffects: RunEffects = {
  files,
  now: Date.now,
  train: (config, data, hooks) => train(config, data, nodeRuntime({ threads: config.threads }), hooks),
  openData: ({ config, ...folders }) => openData({ ...config, ...folders }),
  measureModel: (model, data, job) => measureModel(model, data, job, nodeRuntime({ threads: job.config.threads })),
  measureControls: (model, data, job) =>
    measureControls(files, model, data, job, nodeRuntime({ threads: job.config.threads })),
  drawSamples: (model, data, job) => drawSamples(files, model, data, job),
};
