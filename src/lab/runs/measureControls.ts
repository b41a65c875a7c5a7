import { InputError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import { ACTIVE, muVariances } from '../../latent/audit/activeUnits.js';
import { type AuditInput, type Measured, type Posteriors, statedMeasures } from '../../latent/audit/index.js';
import { bernoulliLikelihood, openExtractor } from '../../latent/evaluation/index.js';
import { type Repair, type RepairModel, repair, type SamplerResult } from '../../latent/repair/index.js';
import { activeUnitsFamily } from '../../latent/samplers/activeUnits.js';
import { familiesOf } from '../../latent/samplers/families.js';
import type { SamplerFamily } from '../../latent/samplers/index.js';
import { mixtureFamily } from '../../latent/samplers/mixtureSampler.js';
import type { Dataset, ImageSet } from '../../vae/data/index.js';
import type { ControlEstimates, Controls, Estimate, ImageGrid } from '../studies/study.js';
import { drawFitted } from './drawSamples.js';
import type { FileSystem } from './fileSystem.js';
import type { RunJob } from './job.js';
import { modelImages } from './modelImages.js';
import type { Model } from './trainer.js';

/** Training codes that distributions are fitted to. */
const FITTED = 10_000;
/** Held-out images, and draws of each source: distances are biased by their number, which is one for all. */
const DRAWS = 2000;

export interface ControlMeasures {
  readonly controls?: Controls;
  /** A grid of the fitted distribution, where there is one. */
  readonly images: readonly ImageGrid[];
}

/** Some images, by the seed: what stands first in a file need not be like the rest. */
const some = ({ count }: ImageSet, most: number, seed: number, part: string): Uint32Array =>
  keyedStream(seed, `controls/${part}`, 0).permutation(count).slice(0, most).sort();

/** Of EM: what more would gain is small beside what N(0, I) loses. */
const ITERATIONS = 30;

const quickMixture = (name: string, components: number): SamplerFamily =>
  mixtureFamily({ name, complexity: 11, covariance: 'full', components, starts: 1, iterations: ITERATIONS });

/** Codes that a component takes for each of its dimensions: 24 values a parameter. With fewer it fits noise, slowly. */
const CODES_EACH = 12;

/** What is fitted in seconds. Where some units are idle, mixtures are of the active ones. */
const quickFamilies = (codes: Posteriors): readonly SamplerFamily[] => {
  const active = muVariances(codes).filter(({ value }) => value > ACTIVE).length;
  const mixtures = [10, 40]
    .filter((components) => components * active * CODES_EACH <= codes.n)
    .map((components) => quickMixture(components === 40 ? 'mixture' : `mixture-${components}`, components));
  return [
    ...familiesOf('scaled-prior,diagonal-gaussian,full-gaussian'),
    ...(active < codes.latents ? mixtures.map(activeUnitsFamily) : mixtures),
  ];
};

/**
 * What a model's z is worth when it is drawn from posteriors of held-out images, from the quick sampler that describes
 * held-out codes best, and from N(0, I): `repair` at a study's size. Draws a grid of the fitted sampler.
 *
 * Without an extractor, nothing is measured; where codes are too few or wrong, `controls` is absent.
 * Throws: StorageError, and what `repair` throws.
 */
export const measureControls = async (
  files: FileSystem,
  model: Model,
  data: Dataset,
  job: RunJob,
  runtime: Runtime,
): Promise<ControlMeasures> => {
  const { config, extractor } = job;
  if (extractor === undefined) return { images: [] };
  const { seed, latents } = config;
  const coded = model.trained.includes('encoder');
  const part = async (images: ImageSet, name: 'train' | 'test', most: number) => {
    const x = modelImages(images, name, some(images, most, seed, name), config);
    const n = Math.min(most, images.count);
    const known = coded ? await model.encode(x) : standardNormal(n * latents);
    return { x, codes: { ...known, n, latents } };
  };
  const [train, test] = [await part(data.train, 'train', FITTED), await part(data.test, 'test', DRAWS)];
  const input: AuditInput = { train: train.codes, test: test.codes };
  const repaired: RepairModel | undefined = model.trained.includes('decoder')
    ? {
        pixels: data.test.width * data.test.height,
        decode: model.decode,
        ...(config.binarisation !== 'none' && {
          likelihood: bernoulliLikelihood(model.decodeLogits, data.test.width * data.test.height, runtime),
        }),
        heldOut: test.x,
        training: train.x.subarray(0, test.x.length),
        extractor: openExtractor(await files.readFile(extractor), extractor, runtime),
      }
    : undefined;
  const options = {
    seed,
    runtime,
    draws: test.codes.n,
    examined: 'chosen',
    ...(repaired && { model: repaired }),
  } as const;
  const found = await repair(input, quickFamilies(train.codes), options).catch((error: unknown) => {
    if (error instanceof InputError) return undefined;
    throw error;
  });
  if (!found) return { images: [] };
  const controls = controlsOf(found, coded);
  const grid = controls.fitted && repaired && (await drawFitted(files, model, data, job, found.chosen, runtime));
  return { controls, images: grid ? [grid] : [] };
};

const standardNormal = (length: number) => ({ mu: new Float32Array(length), sigma: new Float32Array(length).fill(1) });

const estimateOf = ({ value, se = 0, n, seed }: Measured): Estimate => ({
  value,
  se,
  n,
  ...(seed !== undefined && { seed }),
});

const imagesOf = (measures: Partial<SamplerResult>): Pick<ControlEstimates, 'images'> => {
  const { frechet, kernelDistance, precision, recall, density, coverage } = measures;
  if (!frechet || !kernelDistance || !precision || !recall || !density || !coverage) return {};
  return {
    images: {
      frechet: estimateOf(frechet),
      kernelDistance: estimateOf(kernelDistance),
      precision: estimateOf(precision),
      recall: estimateOf(recall),
      density: estimateOf(density),
      coverage: estimateOf(coverage),
    },
  };
};

const controlOf = (sampler: SamplerResult): ControlEstimates => ({
  ...imagesOf(sampler),
  ...(sampler.holeMass && { holeMass: estimateOf(sampler.holeMass) }),
});

const UNTRAINED = 'Nothing was fitted: the encoder had no part in it, z was drawn from N(0, I) whatever the image.';

/** A repair in the numbers of a study, each with the seed of its draws. */
const controlsOf = (repaired: Repair, coded: boolean): Controls => {
  const result = statedMeasures(repaired.result);
  const { samplers, verdict, why, attribution, posterior, codes, draws } = result;
  const prior = samplers[0]!;
  const chosen = samplers.find(({ family }) => family === result.chosen)!;
  const fitted = chosen !== prior;
  const { nearer, shares } = attribution ?? {};
  return {
    fittedTo: codes.train.n,
    draws,
    posterior: posterior ? imagesOf(posterior) : {},
    prior: controlOf(prior),
    ...(fitted && {
      fitted: {
        name: chosen.name,
        family: chosen.family,
        ...controlOf(chosen),
        heldOutLogQ: estimateOf(chosen.heldOutLogQ!),
        gain: estimateOf(chosen.elboGain!),
      },
    }),
    why: coded || verdict !== 'collapsed' ? why : UNTRAINED,
    ...(nearer && {
      nearer: {
        posterior: estimateOf(nearer.posterior),
        ...(fitted && { fitted: estimateOf(nearer.fitted) }),
      },
    }),
    ...(shares &&
      fitted && {
        shares: {
          decoder: estimateOf(shares.decoder),
          hole: estimateOf(shares.hole),
          fit: estimateOf(shares.fit),
        },
      }),
  };
};
