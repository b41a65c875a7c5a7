import { add, detach, input, mean, mul, named, type Tensor } from '../../engine/graph/index.js';
import { createOptimizer, type Optimizer } from '../../engine/optim/index.js';
import { type ParameterShapes, type TracedStep, traceStep } from '../../engine/program/index.js';
import { decode, decoderShapes, encode, encoderShapes, type MlpConfig } from '../architectures/index.js';
import { klRules, type Normal, type Sample } from '../distributions/index.js';
import type { Terms } from '../objectives/index.js';
import type { Lesson, Part, Phase } from '../regimes/index.js';
import type { TrainConfig } from './config.js';
import { decodePixels } from './images.js';

/** The model of a configuration, for images of so many pixels. */
export const mlpOf = (config: TrainConfig, pixels: number): MlpConfig => ({
  pixels,
  hidden: config.hidden,
  latents: config.latents,
  scale: config.scale,
});

/** Names of the inputs that change from step to step. */
export const PIXELS = 'x';
export const NOISE = 'noise';

export const shapesOf = (model: MlpConfig): Readonly<Record<Part, ParameterShapes>> => ({
  encoder: encoderShapes(model),
  decoder: decoderShapes(model),
});

/** The parts that learn in a phase, encoder first. */
export const learners = (phase: Phase): Part[] =>
  (['encoder', 'decoder'] as const).filter((part) => phase.lessons.some((lesson) => lesson.learns.includes(part)));

/** The training step of one phase of a regime, as a graph: what is not read is not computed. */
export const phaseStep = (
  config: TrainConfig,
  model: MlpConfig,
  phase: Phase,
): { step: TracedStep; optimizer: Optimizer } => {
  const optimizer = createOptimizer(config.optimizer);
  const shapes = shapesOf(model);
  const learning = learners(phase);
  const readsEncoder = phase.lessons.some((lesson) => lesson.z !== 'prior');
  const frozen = readsEncoder && !learning.includes('encoder') ? shapes.encoder : {};
  const learned = Object.assign({}, ...learning.map((part) => shapes[part])) as ParameterShapes;

  const x = input(PIXELS, [config.batch, model.pixels], 'uint8');
  const noise = input(NOISE, [config.batch, model.latents]);
  const step = traceStep({
    learned,
    frozen,
    optimizer,
    perStep: [PIXELS, NOISE],
    trace: (parameters) => {
      const image = decodePixels(x, config.binarisation);
      const coded = once(() => {
        const posterior = encode(model, parameters, image);
        return { posterior, sample: posterior.rsample(noise) };
      });
      const rate = once(() => named('rate', klRules[config.kl](coded().posterior, coded().sample)));
      const scoreOf = (z: Tensor): Tensor => named('score', decode(model, parameters, z).logProb(image));
      return traceLessons(phase.lessons, shapes, { noise, coded, rate, scoreOf }, config.beta ?? 1);
    },
  });
  return { step, optimizer };
};

interface Values {
  readonly noise: Tensor;
  readonly coded: () => { readonly posterior: Normal; readonly sample: Sample };
  readonly rate: () => Tensor;
  readonly scoreOf: (z: Tensor) => Tensor;
}

const traceLessons = (
  lessons: readonly Lesson[],
  shapes: Readonly<Record<Part, ParameterShapes>>,
  { noise, coded, rate, scoreOf }: Values,
  beta: number,
) => {
  const reports: Record<string, Tensor> = {};
  const traced = lessons.map((lesson) => {
    const score = once(() => {
      if (lesson.z === 'prior') return scoreOf(noise);
      const { z } = coded().sample;
      return scoreOf(named('z', lesson.z === 'detached' ? detach(z) : z));
    });
    const terms: Terms = {
      get rate() {
        reports.rate ??= mean(rate());
        return beta === 1 ? rate() : mul(rate(), beta);
      },
      get score() {
        reports.score ??= mean(score());
        return score();
      },
    };
    const loss = named('loss', lesson.loss(terms));
    return { loss, learns: lesson.learns.flatMap((part) => Object.keys(shapes[part])) };
  });
  const losses = traced.map(({ loss }) => loss);
  return { lessons: traced, reports: { loss: losses.reduce((a, b) => add(a, b)), ...reports } };
};

/** A value made when it is first asked for. */
const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};
