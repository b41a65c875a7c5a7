import { requireTrainingCodes } from '../plainFamily.js';
import type { SamplerFamily, SavedSampler, TrainingCodes } from '../sampler.js';
import { leastCodes, type Schedule, trainLatents } from './fit.js';
import type { LatentModel } from './latentModel.js';
import { restored, settingOf, trainedSampler } from './trainedSampler.js';
import { fitWhitening } from './whitening.js';

/** Sizes of a model, by name; kept with the sampler. */
export type Architecture<K extends string> = Readonly<Record<K, number>>;

/** What sets one trained family apart from another. */
export interface FamilyDefinition<K extends string> {
  readonly name: string;
  readonly complexity: number;
  readonly title: (architecture: Architecture<K>) => string;
  /** Sizes that suit so many latents. */
  readonly architecture: (latents: number) => Architecture<K>;
  readonly schedule: Schedule;
  readonly model: (latents: number, architecture: Architecture<K>) => LatentModel;
  /** Throws: InputError where the family does not suit the codes. */
  readonly require?: (codes: TrainingCodes) => void;
}

/** Other sizes and another length of training than the family's own. */
export interface FamilySizes<K extends string> {
  readonly architecture?: Partial<Architecture<K>>;
  readonly schedule?: Partial<Schedule>;
}

/** A family of samplers whose model over whitened codes the engine trains. */
export const trainedFamily = <K extends string>(
  definition: FamilyDefinition<K>,
  sizes: FamilySizes<K> = {},
): SamplerFamily => {
  const { name, complexity, title, model } = definition;
  return {
    name,
    complexity,
    fit: async (codes, options) => {
      requireTrainingCodes(name, codes, leastCodes(codes.latents));
      definition.require?.(codes);
      const architecture: Architecture<K> = { ...definition.architecture(codes.latents), ...sizes.architecture };
      const whitening = fitWhitening(codes);
      const built = model(codes.latents, architecture);
      const schedule = { ...definition.schedule, ...sizes.schedule };
      const trained = await trainLatents(built, whitening, codes, options, schedule);
      const identity = { family: name, name: title(architecture), architecture };
      return trainedSampler(identity, built, whitening, trained, options.runtime);
    },
    load: (saved, runtime) => {
      const architecture = sizesOf(saved, definition.architecture(saved.latents));
      const built = model(saved.latents, architecture);
      const { whitening, trained } = restored(saved, built.shapes);
      const identity = { family: name, name: title(architecture), architecture };
      return trainedSampler(identity, built, whitening, trained, runtime);
    },
  };
};

const sizesOf = <K extends string>(saved: SavedSampler, known: Architecture<K>): Architecture<K> =>
  Object.fromEntries(Object.keys(known).map((key) => [key, settingOf(saved, key)])) as Architecture<K>;
