/** The real laboratory: what commands use when nothing else is given to them. */
import files from 'node:fs/promises';
import { presets } from '../vae/presets/index.js';
import type { Laboratory } from './commands/effects.js';
import { renderReport } from './report/index.js';
import { forkRun } from './runs/child.js';
import { openData } from './runs/openData.js';
import { makeExtractor } from './studies/extractor.js';
import { noiseFloor } from './studies/noiseFloor.js';

export const laboratory: Laboratory = {
  presets,
  identifyData: async (place) => {
    const { name, train, test, sha256, source } = await openData(place);
    const { width, height } = train;
    return { name, train: train.count, test: test.count, width, height, sha256, source };
  },
  makeExtractor: (place) => makeExtractor(files, place),
  noiseFloor,
  renderReport,
  spawn: forkRun,
};
