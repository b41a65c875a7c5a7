import { InputError } from '../../engine/errors/index.js';
import type { Draws, Posteriors } from '../audit/codes.js';
import { type AuditInput, type Prepared, prepare } from '../audit/prepare.js';
import { halves } from '../audit/split.js';
import type { ExtractorFacts, ScoredDraws } from '../evaluation/index.js';
import { familyNamed, fastFamilies } from '../samplers/families.js';
import type { Sampler, SamplerFamily, TrainingCodes } from '../samplers/sampler.js';
import { type Choice, choose } from './choose.js';
import { type Carried, carriedBy } from './collapse.js';
import { controlDraws, heldOutPosteriors, heldOutRows, importanceDraws } from './heldOut.js';
import { controlsOf, imageMemorisation } from './images.js';
import { createMeasurer, LEAST_IMAGES, type Measurer } from './measure.js';
import { type RepairModel, scoreHeldOut, withImagesAt } from './model.js';
import { Interrupted, type RepairOptions } from './options.js';
import type { RepairResult, RepairVerdict } from './result.js';
import { type Trials, type Tried, tryFamilies } from './tryFamilies.js';
import { certification, reasonOf, summaryOf } from './words.js';

const DRAWS = 10_000;
const ALPHA = 0.01;
const PRIOR = 'prior';
/** Draws of held-out posteriors to look at. */
const CONTROLS = 64;

export interface Repair {
  readonly result: RepairResult;
  /** Every sampler that was fitted, in the order of `result.samplers`. */
  readonly samplers: readonly Sampler[];
  readonly chosen: Sampler;
  /** Draws of held-out posteriors: the decoder's control, from the noise that N(0, I) makes its draws of. */
  readonly control: Draws;
}

/**
 * Fits samplers to the codes of training images, measures each against codes and images that were held out, chooses one
 * by held-out log-density, and certifies it.
 *
 * N(0, I) is always measured, for the comparison; where z carries nothing no other sampler is fitted. What ends early
 * (interrupted, out of budget) reports the families that had their turn.
 *
 * Throws: InputError for wrong codes, or where not one of the families could be fitted; Interrupted when interrupted
 * before N(0, I) was measured.
 */
export const repair = async (
  input: AuditInput,
  families: readonly SamplerFamily[],
  options: RepairOptions,
): Promise<Repair> => {
  const { seed, runtime, alpha = ALPHA, draws = DRAWS, now = () => 0, onProgress } = options;
  const start = now();
  const checkpoint = (): void => {
    if (options.interrupted?.()) throw new Interrupted('repair: interrupted before anything was measured');
  };
  onProgress?.('checking codes', 0);
  const prepared = prepare(input, seed);
  const carried = carriedBy(prepared.all, options.training);
  const model = heldOutModel(input, prepared, options);
  onProgress?.('measuring held-out codes', 0);
  const posteriors = heldOutPosteriors(input, prepared, seed);
  const scored = await scoredOf(posteriors, prepared, model, options);
  const importance = await importanceDraws(posteriors, model, options);
  const measurer = await createMeasurer(
    { ...prepared, ...(scored && { scored }), ...(importance && { importance }), ...(model && { model }) },
    { seed, runtime, alpha, draws, checkpoint },
  );
  const queue = carried.collapsed ? [familyNamed(PRIOR)] : queueOf(families);
  const step = options.examined === 'chosen' ? measurer.weigh : measurer.measure;
  try {
    const trials = await tryFamilies(queue, trainingCodes(prepared, input, seed), step, options);
    onProgress?.('choosing', queue.length / (queue.length + 1));
    const control = controlDraws(posteriors, prepared.heldOut, CONTROLS, seed);
    const found = { trials, carried, prepared, model, measurer, control, draws, alpha };
    return await conclude({ ...found, seconds: () => (now() - start) / 1000 }, options);
  } finally {
    await measurer.release();
  }
};

interface Found {
  readonly trials: Trials;
  readonly carried: Carried;
  readonly prepared: Prepared;
  readonly model: RepairModel | undefined;
  readonly control: Draws;
  readonly measurer: Measurer;
  readonly draws: number;
  readonly alpha: number;
  readonly seconds: () => number;
}

const conclude = async (found: Found, options: RepairOptions): Promise<Repair> => {
  const { trials, carried, prepared, model, measurer, control, draws, alpha } = found;
  const { leftOut, ended } = trials;
  const { seed, runtime } = options;
  const { tried, prior, chosen, among, tiedWith } = await chosenOf(trials, measurer, options);
  const { certified, why } = certification(chosen.result, alpha);
  const verdict = verdictOf(carried, { among, stays: chosen === prior, certified });
  const { reference } = measurer;
  const controlled = model && reference && { model, reference, heldOut: prepared.heldOut, prior, chosen, seed };
  // From here on an interruption would lose what was measured.
  const controls = controlled && (await controlsOf(controlled, { runtime, checkpoint: () => undefined }));
  const attributed = controls?.attribution;
  const searched = ended !== 'interrupted' && options.examined !== 'chosen';
  const replayed = controlled && searched && (await imageMemorisation(controlled, { runtime, alpha }));
  const tied = tiedWith && { name: tiedWith.best.result.name, ahead: tiedWith.ahead };
  const told = { verdict, prior: prior.result, chosen: chosen.result, carried, ...(ended && { ended }) };
  return {
    samplers: tried.map(({ sampler }) => sampler),
    chosen: chosen.sampler,
    control,
    result: {
      schema: 1,
      kind: 'repair',
      chosen: chosen.family,
      verdict,
      summary: summaryOf({ ...told, ...(attributed && { attribution: attributed }) }),
      certified,
      why: carried.collapsed ?? `${reasonOf(chosen.result, among, tied)} ${why}`,
      samplers: tried.map(({ result }) => result),
      leftOut,
      ...controls,
      ...(replayed && { imageMemorisation: replayed }),
      ...(model && { extractor: extractorFacts(model) }),
      ...(carried.rate && { rate: carried.rate }),
      ...(carried.activeUnits && { activeUnits: carried.activeUnits }),
      codes: { ...prepared.sets, latents: prepared.all.latents },
      draws,
      alpha,
      seed,
      ...(ended && { ended }),
      notes: [...prepared.notes, ...notesOf(prepared, model)],
      seconds: found.seconds(),
      versions: options.versions ?? {},
    },
  };
};

/** The choice; where only log-densities were measured so far, N(0, I) and the chosen sampler now are whole. */
const chosenOf = async (
  trials: Trials,
  measurer: Measurer,
  { examined, replaying }: RepairOptions,
): Promise<Choice<Tried> & { readonly tried: readonly Tried[]; readonly prior: Tried }> => {
  const tried = trials.tried.toSorted((a, b) => a.complexity - b.complexity);
  const choice = choose(tried, replaying);
  if (!choice) throw new InputError('repair: expected a sampler with a density, got none');
  if (examined !== 'chosen') return { ...choice, tried, prior: tried[0]! };
  const examine = async (each: Tried): Promise<Tried> => {
    const measured = await measurer.measure(each.sampler);
    return { ...each, measured, result: { ...each.result, ...measured.measures } };
  };
  const prior = await examine(tried[0]!);
  const chosen = choice.chosen === tried[0] ? prior : await examine(choice.chosen);
  const whole = new Map([prior, chosen].map((each) => [each.family, each]));
  return { ...choice, chosen, prior, tried: tried.map((each) => whole.get(each.family) ?? each) };
};

interface Outcome {
  /** Samplers that the chosen one was chosen from. */
  readonly among: number;
  /** Whether N(0, I) was. */
  readonly stays: boolean;
  readonly certified: boolean;
}

const verdictOf = ({ collapsed }: Carried, { among, stays, certified }: Outcome): RepairVerdict => {
  if (collapsed !== undefined) return 'collapsed';
  if (among === 1) return 'undecided';
  if (stays) return 'matched';
  return certified ? 'repaired' : 'improved';
};

/** N(0, I), then what is fitted at once: what it leaves of its share of the time goes to those that are trained. */
const queueOf = (families: readonly SamplerFamily[]): SamplerFamily[] => {
  const others = families.filter(({ name }) => name !== PRIOR).toSorted((a, b) => a.complexity - b.complexity);
  const isFast = ({ name }: SamplerFamily): boolean => fastFamilies.some((fast) => fast.name === name);
  return [familyNamed(PRIOR), ...others.filter(isFast), ...others.filter((family) => !isFast(family))];
};

const trainingCodes = ({ fitted, labels }: Prepared, input: AuditInput, seed: number): TrainingCodes => {
  const { n, latents } = fitted;
  const values =
    'mu' in fitted
      ? { mu: fitted.mu, sigma: fitted.sigma }
      : { mu: fitted.z, sigma: new Float32Array(fitted.z.length) };
  // Without held-out codes, one half of the training codes is fitted to.
  const own = labels && (input.test ? labels : Array.from(halves(labels.length, seed).train, (row) => labels[row]!));
  return { ...values, n, latents, ...(own && { labels: own }) };
};

const heldOutModel = (
  { test }: AuditInput,
  prepared: Prepared,
  { model, seed }: RepairOptions,
): RepairModel | undefined => {
  if (!model) return undefined;
  if (!test || test.n * model.pixels !== model.heldOut.length) {
    const got = `${model.heldOut.length / model.pixels} images for ${test?.n ?? 0} codes`;
    throw new InputError(`repair: expected an image for each held-out code, got ${got}`);
  }
  return withImagesAt(model, heldOutRows(test.n, prepared, seed));
};

const scoredOf = async (
  posteriors: Posteriors | undefined,
  prepared: Prepared,
  model: RepairModel | undefined,
  options: RepairOptions,
): Promise<ScoredDraws | undefined> =>
  model?.likelihood && posteriors
    ? scoreHeldOut(posteriors, prepared.heldOut, model, model.likelihood, options.seed)
    : undefined;

const extractorFacts = ({ extractor }: RepairModel): ExtractorFacts => {
  const { name, kind, distance, width, hash, accuracy } = extractor;
  return { name, kind, distance, width, hash, ...(accuracy && { accuracy }) };
};

const notesOf = ({ heldOut, all }: Prepared, model: RepairModel | undefined): string[] => [
  ...('mu' in all ? [] : ['From draws alone a collapse cannot be told: give mu and sigma.']),
  ...(model && !model.likelihood
    ? ['No ELBO: there is no likelihood of these images (of grey pixels the cross-entropy is none).']
    : []),
  ...(model && heldOut.n < LEAST_IMAGES
    ? [`Distances of images need at least ${LEAST_IMAGES} held-out ones, got ${heldOut.n}.`]
    : []),
];
