import { theorySummary } from '../../theory/index.js';
import type { Claim, Study } from '../study.js';
import { closerThanDrawsClaim, closerThanElboClaim } from './closeness.js';
import { decoderClaim, goodZClaim } from './decoder.js';
import type { Evidence } from './evidence.js';
import { informationClaim } from './information.js';
import { minimumClaim, stabilityClaim } from './minimum.js';
import { publishedKlClaim } from './publishedKl.js';
import { samplesClaim } from './samples.js';

export type { Evidence } from './evidence.js';
export { COLLAPSED } from './information.js';

/** The claims of the founding study, a to i, held against the numbers of a study. */
export const claimsOf = (evidence: Evidence): Claim[] => [
  minimumClaim(evidence),
  stabilityClaim(evidence),
  closerThanElboClaim(evidence),
  closerThanDrawsClaim(evidence),
  decoderClaim(evidence),
  goodZClaim(evidence),
  samplesClaim(evidence),
  informationClaim(evidence),
  publishedKlClaim(evidence),
];

/** The claims by what a study measured, and by the theory of the KL term, computed anew. */
export const claimsOfStudy = ({ runs, floor, data }: Pick<Study, 'runs' | 'floor' | 'data'>): Claim[] =>
  claimsOf({ runs, floor, theory: theorySummary(), binarisation: data.binarisation });
