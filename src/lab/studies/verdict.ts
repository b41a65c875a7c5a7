import { integer, interval, short, withInterval } from '../../latent/numbers/index.js';
import type { KlEstimator, RegimeName } from '../../vae/training/index.js';
import type { Quantity } from '../report/series.js';
import { listed, type ScoreWords, scoreWords } from '../report/words.js';
import { COLLAPSED } from './claims/index.js';
import type { Estimate, RunResult, Study } from './study.js';

/** The runs of one regime and estimator that tell most: the finished ones, else those that were measured at all. */
interface Measured {
  readonly kl: KlEstimator;
  readonly runs: readonly RunResult[];
  value(quantity: Quantity): number;
  text(quantity: Quantity, words: ScoreWords): string;
}

const measured = (runs: readonly RunResult[], regime: RegimeName, kl: KlEstimator): Measured | undefined => {
  const all = runs.filter((run) => run.regime === regime && run.kl === kl && run.final);
  const done = all.filter((run) => run.state === 'done');
  const chosen = done.length > 0 ? done : all;
  if (chosen.length === 0) return undefined;
  const over = (quantity: Quantity) => interval(chosen.map((run): Estimate => run.final![quantity]));
  return {
    kl,
    runs: chosen,
    value: (quantity) => over(quantity).value,
    text: (quantity, words) => {
      const { value, half } = over(quantity);
      const sign = quantity === 'score' || quantity === 'elbo' ? words.sign : 1;
      return withInterval({ value: sign * value, half });
    },
  };
};

const first = (runs: readonly RunResult[], regime: RegimeName, kls: readonly KlEstimator[]): Measured | undefined =>
  kls.map((kl) => measured(runs, regime, kl)).find((found) => found !== undefined);

/** `n = 10,000 test images, seed 1, 95% intervals`, and the step where training was cut short. */
const basis = ({ runs }: Measured): string => {
  const seeds = runs.map((run) => run.seed);
  const named = seeds.length > 1 ? `seeds ${listed(seeds.map(String))}` : `seed ${seeds[0]}`;
  const cut = runs.some((run) => run.state !== 'done') ? `, stopped at step ${integer(runs[0]!.steps)}` : '';
  return `n = ${integer(runs[0]!.final!.rate.n)} test images, ${named}, 95% intervals${cut}`;
};

const onElbo = (joint: Measured, words: ScoreWords): string => {
  const numbers = `rate ${joint.text('rate', words)} nats, ${words.elbo} ${joint.text('elbo', words)} nats (${basis(joint)})`;
  return joint.value('rate') < COLLAPSED
    ? `Even under the full ELBO the model is collapsed, its codes carrying next to nothing about the image: ${numbers}.`
    : `Under the full ELBO the codes keep away from N(0, I): ${numbers}.`;
};

/** What drawing z from the fitted distribution gains; nothing where some run has none. */
const onFitted = ({ runs }: Measured, words: ScoreWords): string | undefined => {
  const fits = runs.flatMap(({ controls }) => controls?.fitted ?? []);
  if (runs.length === 0 || fits.length < runs.length) return undefined;
  const gain = interval(fits.map((fit) => fit.gain));
  // Where the gain is not above 0 there is nothing to advise.
  if (!(gain.value > gain.half)) return undefined;
  const names = new Set(fits.map(({ name }) => name));
  const source = names.size === 1 ? `a ${[...names][0]}` : 'the Gaussians or mixtures';
  const distance = (of: 'prior' | 'fitted'): Estimate[] =>
    runs.flatMap(({ controls }) => controls?.[of]?.images?.frechet ?? []);
  const [before, after] = [distance('prior'), distance('fitted')];
  const images =
    before.length === runs.length && after.length === runs.length
      ? `; the Fréchet distance of samples to test images goes from ${short(interval(before).value)} to ${short(interval(after).value)}`
      : '';
  return `Drawn from ${source} fitted to the codes in place of N(0, I), z is worth ${withInterval(gain)} nats of ${words.elbo}${images}.`;
};

const onKlAlone = (encoder: Measured, runs: readonly RunResult[], words: ScoreWords): string => {
  const rate = encoder.value('rate');
  const start = `The encoder trained on the ${encoder.kl === 'mc' ? 'Monte Carlo ' : ''}KL alone`;
  if (rate >= COLLAPSED) {
    return `${start} stands at rate ${encoder.text('rate', words)} nats (${basis(encoder)}); nothing in that loss keeps the image in the codes.`;
  }
  const decoder = measured(runs, 'separate', encoder.kl) ?? measured(runs, 'tandem', encoder.kl);
  const joint = measured(runs, 'joint', encoder.kl);
  const cost =
    decoder && joint
      ? `, and a decoder trained on such codes has a ${words.score} of ${decoder.text('score', words)} instead of ${joint.text('score', words)} nats`
      : '';
  // I(x; z) <= rate, so a small rate is a proof of little information, never a success.
  return `${start} reaches ${short(rate)} nats, but then q(z|x) is all but the same for every image: its codes carry at most those ${short(rate)} nats about it${cost}.`;
};

const onOthers = (runs: readonly RunResult[], words: ScoreWords): string[] => {
  const found = (['tandem', 'separate', 'random-z'] as const)
    .map((regime) => ({ regime, values: first(runs, regime, ['analytic', 'mc']) }))
    .filter((each) => each.values !== undefined);
  if (found.length === 0) return ['No run left a measurement.'];
  const parts = found.map(({ regime, values }) => `${regime} ${values!.text('score', words)}`);
  return [`The ${words.score} without a joint ELBO: ${listed(parts)} nats (${basis(found[0]!.values!)}).`];
};

/** What a study found, in one or two sentences with numbers, and what is missing from it. */
export const verdict = (
  runs: readonly RunResult[],
  binarisation: Study['data']['binarisation'],
  planned: number,
): string => {
  const words = scoreWords(binarisation);
  const joint = first(runs, 'joint', ['analytic', 'mc']);
  const encoder = first(runs, 'encoder-only', ['analytic', 'mc']);
  const sentences = [
    joint && onElbo(joint, words),
    joint && onFitted(joint, words),
    encoder && onKlAlone(encoder, runs, words),
  ].filter((sentence) => sentence !== undefined);
  if (sentences.length === 0) sentences.push(...onOthers(runs, words));

  const failed = runs.filter((run) => run.state === 'failed');
  const unfinished = planned - failed.length - runs.filter((run) => run.state === 'done').length;
  if (failed.length > 0) {
    sentences.push(
      `${failed.length} of ${planned} runs failed: ${listed(failed.map((run) => `${run.name} (${run.error})`))}.`,
    );
  }
  if (unfinished > 0) sentences.push(`${unfinished} of ${planned} runs were not finished.`);
  return sentences.join(' ');
};
