import type { Runtime } from '../../engine/runtime/index.js';
import type { Draws } from '../audit/codes.js';
import { type Attribution, attribution, featureRows, type Memorisation, memorisation } from '../evaluation/index.js';
import { firstRows, LEAST_IMAGES } from './measure.js';
import { type RepairModel, rowsOfImages } from './model.js';
import type { Tried } from './tryFamilies.js';

/** Images of each kind whose nearest training image is looked for. */
const NEAREST = 1000;

export interface Controlled {
  readonly model: RepairModel;
  readonly heldOut: Draws;
  readonly prior: Tried;
  readonly chosen: Tried;
  readonly seed: number;
}

/**
 * What made prior samples bad: the decoder is fed codes of held-out images, draws of the chosen sampler, and N(0, I).
 * Training images stand for what other real images are.
 *
 * Undefined where images are too few for distances.
 */
export const attributionOf = async ({
  model,
  heldOut,
  prior,
  chosen,
  seed,
}: Controlled): Promise<Attribution | undefined> => {
  const [ofPrior, ofChosen] = [prior.measured.features, chosen.measured.features];
  if (!ofPrior || !ofChosen || heldOut.n < LEAST_IMAGES) return undefined;
  const { extractor, pixels } = model;
  const reference = await extractor.extract(model.heldOut);
  const posterior = await extractor.extract(await model.decode(heldOut.z));
  const real = rowsOfImages(model.training, pixels, reference.n, seed);
  const enough = real.length / pixels >= LEAST_IMAGES;
  return attribution(
    reference,
    { posterior, fitted: ofChosen, prior: ofPrior },
    enough ? await extractor.extract(real) : undefined,
  );
};

/** Whether decoded draws lie nearer to training images than decoded codes of held-out images do. */
export const imageMemorisation = async (
  { model, heldOut, chosen, seed }: Controlled,
  { runtime, alpha }: { readonly runtime: Runtime; readonly alpha: number },
): Promise<Memorisation | undefined> => {
  if (heldOut.n < LEAST_IMAGES) return undefined;
  const decoded = async (draws: Draws) => featureRows(await model.decode(firstRows(draws, NEAREST).z), model.pixels);
  return memorisation(
    {
      training: featureRows(model.training, model.pixels),
      heldOut: await decoded(heldOut),
      samples: await decoded(chosen.measured.drawn),
    },
    { runtime, seed, noun: 'image', alpha },
  );
};
