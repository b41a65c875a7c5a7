import type { RegimeName } from '../training/config.js';
import { encoderOnly } from './encoderOnly.js';
import { joint } from './joint.js';
import { randomZ } from './randomZ.js';
import type { Regime } from './regime.js';
import { separate } from './separate.js';
import { tandem } from './tandem.js';

export { type LatentSource, type Lesson, type Part, type Phase, type Regime, trainedParts } from './regime.js';

/** Every regime by name. */
export const regimes: Readonly<Record<RegimeName, Regime>> = {
  joint,
  'encoder-only': encoderOnly,
  separate,
  tandem,
  'random-z': randomZ,
};
