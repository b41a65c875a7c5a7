import { InputError, ShapeError } from '../../../engine/errors/index.js';
import { constant, type Tensor } from '../../../engine/graph/index.js';
import { type ParameterShapes, parameterCount, views } from '../../../engine/program/index.js';
import type { Runtime } from '../../../engine/runtime/index.js';
import type { Sampler, SavedSampler } from '../sampler.js';
import { keptOf, keptSettings, savedArray } from '../saved.js';
import { CODES } from './draws.js';
import type { TrainedLatents } from './fit.js';
import type { LatentModel } from './latentModel.js';
import type { Parameters } from './perceptron.js';
import { rowValues } from './rowValues.js';
import { logVolume, unwhitened, type Whitening, whitened } from './whitening.js';

/** What a family says of a model of its own. */
export interface Identity {
  readonly family: string;
  readonly name: string;
  /** What the model is built from again when it is loaded. */
  readonly architecture: Readonly<Record<string, number>>;
}

/** A trained model over whitened codes as a sampler over z. */
export const trainedSampler = (
  { family, name, architecture }: Identity,
  model: LatentModel,
  whitening: Whitening,
  { parameters, notes, facts }: TrainedLatents,
  runtime: Runtime,
): Sampler => {
  const { latents } = whitening;
  const { logProb } = model;
  return {
    name,
    family,
    latents,
    noise: model.noise,
    replays: false,
    notes,
    facts,
    toGraph: (noise) => unwhitened(whitening, model.draw(constants(parameters, model.shapes), noise)),
    ...(logProb && {
      logProb: async (z: Float32Array) => {
        if (z.length === 0 || z.length % latents !== 0) {
          throw new ShapeError(`logProb: z: expected rows of ${latents} values, got ${z.length} values`);
        }
        const rows = await rowValues(
          (values, inputs) => logProb(values, whitened(whitening, inputs[CODES]!)),
          model.shapes,
          { [CODES]: latents },
          runtime,
        );
        try {
          const volume = logVolume(whitening);
          return (await rows.run(parameters, { [CODES]: z })).map((value) => value - volume);
        } finally {
          await rows.release();
        }
      },
    }),
    save: () => ({
      family,
      latents,
      settings: {
        ...architecture,
        ...keptSettings({ facts, notes }),
      },
      arrays: {
        mean: { shape: [latents], data: whitening.mean },
        factor: { shape: [latents, latents], data: whitening.factor },
        ...Object.fromEntries(
          Object.entries(views(parameters, model.shapes)).map(([key, data]) => [
            `${PARAMETER}${key}`,
            { shape: model.shapes[key]!, data },
          ]),
        ),
      },
    }),
  };
};

const PARAMETER = 'parameter.';

/** What `trainedSampler` takes, out of a file. Throws: InputError where an array is missing or of another size. */
export const restored = (
  saved: SavedSampler,
  shapes: ParameterShapes,
): { readonly whitening: Whitening; readonly trained: TrainedLatents } => {
  const { latents } = saved;
  const parameters = new Float32Array(parameterCount(shapes));
  for (const [name, view] of Object.entries(views(parameters, shapes))) {
    view.set(savedArray(saved, PARAMETER + name, view.length));
  }
  const whitening = {
    latents,
    mean: savedArray(saved, 'mean', latents),
    factor: savedArray(saved, 'factor', latents ** 2),
  };
  return { whitening, trained: { parameters, ...keptOf(saved) } };
};

/** A whole number among the settings. Throws: InputError. */
export const settingOf = (saved: SavedSampler, name: string): number => {
  const value = saved.settings[name];
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw new InputError(`${saved.family}: ${name}: expected a whole number above 0, got ${value}`);
};

/** Parameters as constants of a graph. */
export const constants = (flat: Float32Array, shapes: ParameterShapes): Parameters =>
  Object.fromEntries(
    Object.entries(views(flat, shapes)).map(([name, values]): [string, Tensor] => [
      name,
      constant([...values], shapes[name]!),
    ]),
  );
