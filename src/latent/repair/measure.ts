/** What samplers are held against, and what each is worth. */
import { InputError } from '../../engine/errors/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import type { Codes, Density, Draws } from '../audit/codes.js';
import { logPrior } from '../audit/decomposition/logPrior.js';
import { fitDensities, tryDensities } from '../audit/densities.js';
import { codesForQuantile, holeMass } from '../audit/holes.js';
import { mixtureDensity } from '../audit/mixture/index.js';
import { momentsOf } from '../audit/moments.js';
import type { Measured } from '../audit/result.js';
import {
  elboUnder,
  type Features,
  featureRows,
  frechetDistance,
  type IwaeUnder,
  iwaeUnder,
  kernelDistance,
  manifoldMeasures,
  memorisation,
  type ScoredDraws,
} from '../evaluation/index.js';
import { differences } from '../evaluation/logWeights.js';
import { meanOf } from '../evaluation/measured.js';
import { drawSamples } from '../samplers/draw.js';
import type { Sampler } from '../samplers/sampler.js';
import type { RepairModel } from './model.js';
import type { ImageMeasures, SamplerMeasures } from './result.js';
import { classifierTest, LEAST_ROWS } from './twoSample.js';

/** Rows of each kind whose nearest training code is looked for. */
const NEAREST = 2000;
/** Images of each kind whose features are compared pair by pair: time goes with the square. */
const PAIRED = 5000;
/** Images below which distances over features say nothing. */
export const LEAST_IMAGES = 100;

export interface Held {
  readonly fitted: Codes;
  readonly fittedDraws: Draws;
  readonly heldOut: Draws;
  /** Held-out draws with their scores, where there is a decoder and pixels are binary. */
  readonly scored?: ScoredDraws;
  /** Many draws of some held-out posteriors with their scores, under the same condition. */
  readonly importance?: ScoredDraws;
  readonly model?: RepairModel;
}

export interface MeasureOptions {
  readonly seed: number;
  readonly runtime: Runtime;
  readonly alpha: number;
  /** Draws of each sampler. */
  readonly draws: number;
  /** Throws to interrupt. */
  readonly checkpoint: () => void;
}

export interface MeasuredSampler {
  readonly measures: SamplerMeasures;
  /** ln q̂ of each held-out code. [n] nats */
  readonly logQ?: Float64Array;
  /** Absent where the log-density alone was asked for. */
  readonly drawn?: Draws;
  /** Of decoded draws. */
  readonly features?: Features;
}

export interface Measurer {
  /** The log-density of held-out codes, and what follows from it: all that a choice takes. */
  weigh(sampler: Sampler): Promise<MeasuredSampler>;
  /** Everything. */
  measure(sampler: Sampler): Promise<MeasuredSampler>;
  /** Features of held-out images. */
  readonly reference?: Features;
  release(): Promise<void>;
}

/** The first rows, at most `most`. */
export const firstRows = ({ z, n, latents }: Draws, most: number): Draws => {
  const rows = Math.min(n, most);
  return { z: z.subarray(0, rows * latents), n: rows, latents };
};

const firstFeatures = ({ values, n, width }: Features, most: number): Features => {
  const rows = Math.min(n, most);
  return { values: values.subarray(0, rows * width), n: rows, width };
};

export const imageMeasures = async (
  real: Features,
  features: Features,
  { runtime, checkpoint }: Pick<MeasureOptions, 'runtime' | 'checkpoint'>,
): Promise<ImageMeasures> => {
  const [some, others] = [firstFeatures(real, PAIRED), firstFeatures(features, PAIRED)];
  return {
    frechet: frechetDistance(real, features),
    kernelDistance: await kernelDistance(some, others, runtime),
    ...(await manifoldMeasures(some, others, { runtime, onProgress: checkpoint })),
  };
};

type Ratio = (draws: Draws) => Promise<Float64Array>;

/** ln q_train(z) − ln p(z), with q_train the mixture of all posteriors; from draws alone, the best of quick densities. */
const ratioOf = async (
  { fitted, fittedDraws, heldOut }: Held,
  { seed, runtime }: MeasureOptions,
): Promise<{ readonly name: string; readonly ratio: Ratio; release(): Promise<void> }> => {
  const using = (density: Density, release: () => Promise<void>) => ({
    name: density.name,
    ratio: async ({ z, latents }: Draws): Promise<Float64Array> => {
      const prior = logPrior(z, latents);
      return Float64Array.from(await density.logProb(z), (value, s) => value - prior[s]!);
    },
    release,
  });
  if ('mu' in fitted) {
    const mixture = await mixtureDensity(fitted, runtime);
    return using(mixture, () => mixture.release());
  }
  const densities = await fitDensities(momentsOf(fitted), fittedDraws, { seed, runtime });
  return using((await tryDensities(densities, heldOut))[0]!.density, () => Promise.resolve());
};

/** IWAE of as many draws as there are. */
const importanceBound = async ({ name, logProb }: Sampler, draws: ScoredDraws): Promise<IwaeUnder | undefined> =>
  logProb && (await iwaeUnder(draws, { name, logProb }, [draws.draws]))[0];

/** Measures of samplers against the same held-out codes and images, from draws of the same noise seed. */
export const createMeasurer = async (held: Held, options: MeasureOptions): Promise<Measurer> => {
  const { fittedDraws, heldOut, scored, importance, model } = held;
  const { seed, runtime, alpha, draws: count, checkpoint } = options;
  const enough = heldOut.n >= codesForQuantile(alpha);
  const q = enough ? await ratioOf(held, options) : undefined;
  const ofCodes = q && (await q.ratio(heldOut));
  const prior = logPrior(heldOut.z, heldOut.latents);
  const reference = model && heldOut.n >= LEAST_IMAGES ? await model.extractor.extract(model.heldOut) : undefined;
  const rows = ({ z, latents }: Draws): Features => featureRows(z, latents);

  const likelihoods = async (sampler: Sampler, logQ: Float64Array) => {
    const by = sampler.name;
    const heldOutLogQ = meanOf(logQ, { unit: 'nats', seed, by });
    if (scored === undefined)
      return { heldOutLogQ, elboGain: meanOf(differences(logQ, prior), { unit: 'nats', seed, by }) };
    const { elbo, gain } = await elboUnder(scored, { name: by, logProb: () => logQ });
    return { heldOutLogQ, elbo, elboGain: gain };
  };

  const holes = async (drawn: Draws): Promise<Measured | undefined> =>
    q && ofCodes && holeMass(ofCodes, await q.ratio(drawn), { alpha, seed, by: q.name }).mass;

  const weigh: Measurer['weigh'] = async (sampler) => {
    const logQ = await sampler.logProb?.(heldOut.z);
    if (!logQ) return { measures: {} };
    const wrong = logQ.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw new InputError(`${sampler.family}: expected finite log-densities, got ${logQ[wrong]} for code ${wrong}`);
    }
    return { logQ, measures: await likelihoods(sampler, logQ) };
  };

  return {
    ...(reference && { reference }),
    weigh,
    measure: async (sampler) => {
      const { logQ, measures } = await weigh(sampler);
      checkpoint();
      const iwae = importance && (await importanceBound(sampler, importance));
      checkpoint();
      const z = await drawSamples(sampler, count, seed, runtime);
      const bad = z.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) throw new InputError(`${sampler.family}: expected finite draws, got ${z[bad]}`);
      const drawn: Draws = { z, n: count, latents: sampler.latents };
      checkpoint();
      const holeMassOfDraws = await holes(drawn);
      const features =
        reference && model && (await model.extractor.extract(await model.decode(firstRows(drawn, reference.n).z)));
      const nearest = enough && {
        memorisation: await memorisation(
          {
            training: rows(fittedDraws),
            heldOut: rows(firstRows(heldOut, NEAREST)),
            samples: rows(firstRows(drawn, NEAREST)),
          },
          { runtime, seed, noun: 'code', alpha, onProgress: checkpoint },
        ),
      };
      return {
        drawn,
        ...(logQ && { logQ }),
        ...(features && { features }),
        measures: {
          ...measures,
          ...(iwae && { iwae }),
          ...(features && reference && (await imageMeasures(reference, features, options))),
          ...(holeMassOfDraws && { holeMass: holeMassOfDraws }),
          ...(Math.min(heldOut.n, count) >= LEAST_ROWS && { c2st: classifierTest(heldOut, drawn, seed) }),
          ...nearest,
        },
      };
    },
    release: async () => q?.release(),
  };
};
