import type { ProbePath } from '../../latent/theory/index.js';
import type { ColourName } from '../report/palette.js';

/** The measured paths of one regime, as they are drawn. */
export interface RegimeProbes {
  readonly label: string;
  readonly colour: ColourName;
  readonly paths: readonly ProbePath[];
}
