import { didYouMean, InputError } from '../../engine/errors/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import { activeUnitsFamily } from './activeUnits.js';
import { aggregatePosteriorFamily } from './aggregatePosterior.js';
import { diagonalGaussianFamily } from './diagonalGaussian.js';
import { latentDiffusionFamily } from './diffusion/index.js';
import { maskedAutoregressiveFamily, realNvpFamily } from './flows/index.js';
import { fullGaussianFamily } from './fullGaussianSampler.js';
import { kernelDensityFamily } from './kernelDensity.js';
import { medoidPosteriorsFamily } from './medoidPosteriors.js';
import { mixtureFamily } from './mixtureSampler.js';
import { perClassFamily } from './perClass.js';
import { priorFamily } from './prior.js';
import type { Sampler, SamplerFamily, SavedSampler } from './sampler.js';
import { scaledPriorFamily } from './scaledPrior.js';
import { secondVaeFamily } from './secondVae/index.js';

/** Components of a mixture unless told. */
const COMPONENTS = 40;
/** Numbers of components that `mixture-chosen` chooses from. */
const CANDIDATES = [1, 5, 10, 20, 40, 70, 100, 150, 200] as const;

const mixture = (name: string, complexity: number, components: number | readonly number[]): SamplerFamily =>
  mixtureFamily({ name, complexity, covariance: name.includes('diagonal') ? 'diagonal' : 'full', components });

/** Families that are fitted in seconds, the simplest first. */
export const fastFamilies: readonly SamplerFamily[] = [
  priorFamily(),
  scaledPriorFamily(),
  diagonalGaussianFamily(),
  fullGaussianFamily(),
  perClassFamily(fullGaussianFamily()),
  mixture('mixture-diagonal', 10, COMPONENTS),
  activeUnitsFamily(mixture('mixture', 11, COMPONENTS)),
  mixture('mixture', 11, COMPONENTS),
  kernelDensityFamily(),
  medoidPosteriorsFamily(),
  aggregatePosteriorFamily(),
];

/** Families that try many sizes, or that are trained. */
const slowFamilies: readonly SamplerFamily[] = [
  mixture('mixture-chosen', 12, CANDIDATES),
  perClassFamily(mixture('mixture-10', 11, 10)),
  realNvpFamily(),
  maskedAutoregressiveFamily(),
  secondVaeFamily(),
  latentDiffusionFamily(),
];

/** Every family that has a name of its own, the simplest first. */
export const samplerFamilies: readonly SamplerFamily[] = [...fastFamilies, ...slowFamilies].sort(
  (a, b) => a.complexity - b.complexity,
);

const PER_CLASS = 'per-class-';
const ACTIVE = 'active-';
const SIZED = /^mixture(-diagonal)?-([1-9]\d*)$/;

/**
 * The family of a name; beside those listed, `mixture-25` and `mixture-diagonal-25` have so many components, and
 * `per-class-` and `active-` go before any name.
 *
 * Throws: InputError for a name that is none, with the nearest one.
 */
export const familyNamed = (name: string): SamplerFamily => {
  const known = samplerFamilies.find((family) => family.name === name);
  if (known) return known;
  const size = Number(SIZED.exec(name)?.[2] ?? 0);
  if (size >= 1 && size <= CANDIDATES.at(-1)!) return mixture(name, name.includes('diagonal') ? 10 : 11, size);
  if (name.startsWith(PER_CLASS) && !name.startsWith(PER_CLASS, PER_CLASS.length)) {
    return perClassFamily(familyNamed(name.slice(PER_CLASS.length)));
  }
  if (name.startsWith(ACTIVE) && !name.startsWith(ACTIVE, ACTIVE.length)) {
    return activeUnitsFamily(familyNamed(name.slice(ACTIVE.length)));
  }
  const names = samplerFamilies.map((family) => family.name);
  throw new InputError(`sampler: expected one of ${names.join(', ')}, got "${name}"${didYouMean(name, names)}`);
};

/**
 * The families of a list of names with commas between them; `fast` and `all` stand for many.
 *
 * Throws: InputError for a name that is none.
 */
export const familiesOf = (list: string): readonly SamplerFamily[] => {
  const families = list.split(',').flatMap((part) => {
    const name = part.trim();
    if (name === 'all') return samplerFamilies;
    return name === 'fast' ? fastFamilies : [familyNamed(name)];
  });
  return [...new Map(families.map((family) => [family.name, family])).values()];
};

/** A sampler out of a file. Throws: InputError for a family that is none, or values that do not fit it. */
export const loadSampler = (saved: SavedSampler, runtime: Runtime): Sampler =>
  familyNamed(saved.family).load(saved, runtime);
