export { type Bernoulli, bernoulli } from './bernoulli.js';
export { type Gaussian, gaussianKl, momentMatchedKl } from './gaussianKl.js';
export { type KlRule, klRules } from './kl.js';
export { type Normal, normal, type Sample, standardNormalLogProb } from './normal.js';
