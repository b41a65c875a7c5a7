import type { Runtime } from '../../engine/runtime/index.js';
import type { Draws } from '../audit/codes.js';
import {
  type Attribution,
  attribution,
  type Features,
  featureRows,
  type Memorisation,
  memorisation,
} from '../evaluation/index.js';
import { firstRows, imageMeasures, LEAST_IMAGES, type MeasureOptions } from './measure.js';
import { type RepairModel, rowsOfImages } from './model.js';
import type { ImageMeasures } from './result.js';
import type { Tried } from './tryFamilies.js';

/** Images of each kind whose nearest training image is looked for. */
const NEAREST = 1000;

export interface Controlled {
  readonly model: RepairModel;
  /** Features of held-out images. */
  readonly reference: Features;
  readonly heldOut: Draws;
  readonly prior: Tried;
  readonly chosen: Tried;
  readonly seed: number;
}

/**
 * What made prior samples bad: the decoder is fed codes of held-out images, draws of the chosen sampler, and N(0, I).
 * Training images stand for what other real images are.
 */
export const controlsOf = async (
  { model, reference, heldOut, prior, chosen, seed }: Controlled,
  options: Pick<MeasureOptions, 'runtime' | 'checkpoint'>,
): Promise<{ readonly posterior: ImageMeasures; readonly attribution?: Attribution }> => {
  const { extractor, pixels } = model;
  const posterior = await extractor.extract(await model.decode(heldOut.z));
  const measures = { posterior: await imageMeasures(reference, posterior, options) };
  const [ofPrior, ofChosen] = [prior.measured.features, chosen.measured.features];
  if (!ofPrior || !ofChosen) return measures;
  const real = rowsOfImages(model.training, pixels, reference.n, seed);
  const enough = real.length / pixels >= LEAST_IMAGES;
  const floor = enough ? await extractor.extract(real) : undefined;
  return { ...measures, attribution: attribution(reference, { posterior, fitted: ofChosen, prior: ofPrior }, floor) };
};

/** Whether decoded draws lie nearer to training images than decoded codes of held-out images do. */
export const imageMemorisation = async (
  { model, heldOut, chosen, seed }: Controlled,
  { runtime, alpha }: { readonly runtime: Runtime; readonly alpha: number },
): Promise<Memorisation | undefined> => {
  const { drawn } = chosen.measured;
  if (!drawn) return undefined;
  const decoded = async (draws: Draws) => featureRows(await model.decode(firstRows(draws, NEAREST).z), model.pixels);
  return memorisation(
    {
      training: featureRows(model.training, model.pixels),
      heldOut: await decoded(heldOut),
      samples: await decoded(drawn),
    },
    { runtime, seed, noun: 'image', alpha },
  );
};
