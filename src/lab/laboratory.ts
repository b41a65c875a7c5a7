/** The real laboratory: what commands use when nothing else is given to them. */
import { presets } from '../vae/presets/index.js';
import type { Laboratory } from './commands/effects.js';
import { renderReport } from './report/index.js';
import { forkRun } from './runs/child.js';
import { openData } from './runs/openData.js';
import { noiseFloor } from './studies/noiseFloor.js';

export const laboratory: Laboratory = {
  presets,
  identifyData: async (place) => {
    const { name, train, test, sha256, source } = await openData(place);
    const { width, height } = train;
    return { name, train: train.count, test: test.count, width, height, sha256, source };
  },
  noiseFloor,
  renderReport,
  spawn: forkRun,
};
