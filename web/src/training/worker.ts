/** Trains in a thread of its own, so that the page stays quick. */
import { InputError } from '../../../src/engine/errors/index.js';
import { type Dataset, glyphs } from '../../../src/vae/data/index.js';
import { readSaved, startFrom, type TrainConfig, type TrainHooks, train } from '../../../src/vae/training/index.js';
import type { FromWorker, Pace, TabData, ToWorker } from './messages.js';
import { openImages } from './openImages.js';
import { createCamera } from './picture.js';
import { openRuntime } from './runtime.js';

/** A picture costs about as much as a few steps, and its drawing takes a core from the training: four a second. */
const BETWEEN_PICTURES = 250;

const tell = (message: FromWorker): void => postMessage(message);

let pace: Pace = { playing: false, stepsAtOnce: 1 };
let single = 0;
let ended = false;
let wake = (): void => {};

const open = async (data: TabData): Promise<Dataset> => {
  if (data.kind === 'files') return openImages(data.files);
  const { seed, train, test } = data;
  return glyphs(seed, { train, test }, (drawn, total) => tell({ type: 'drawing', share: drawn / total }));
};

/** Lets messages in, and waits while nothing is to be done. */
const turn = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve));
  while (!pace.playing && single === 0 && !ended) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  if (single > 0) single--;
};

type Start = Extract<ToWorker, { type: 'start' }>;

/** The configuration, with the model of what is gone on from. */
const planned = (config: TrainConfig, saved: Start['saved'], pixels: number) => {
  if (saved === undefined) return { config };
  const { model, weights } = readSaved(saved.encoder, saved.decoder);
  if (model.pixels !== pixels) {
    throw new InputError(`encoder: expected images of ${pixels} pixels as the data have, got ${model.pixels}`);
  }
  const { hidden, latents, scale } = model;
  return { config: { ...config, hidden, latents, scale }, start: startFrom(weights) };
};

const begin = async ({ config: asked, data: source, device, saved }: Start): Promise<void> => {
  const data = await open(source);
  const runtime = await openRuntime(device);
  const { config, start } = planned(asked, saved, data.train.width * data.train.height);
  const camera = await createCamera(config, data, runtime);
  const perEpoch = Math.floor(data.train.count / config.batch);
  const { width, height } = data.test;
  const images = [data.train.count, data.test.count] as const;
  const steps = Math.round(config.epochs * perEpoch);
  tell({ type: 'ready', runtime: runtime.description, images, latents: config.latents, steps, width, height });
  let taken = Number.NEGATIVE_INFINITY;
  const hooks: TrainHooks = {
    now: () => performance.now(),
    onProgress: (progress) => tell({ type: 'progress', progress }),
    onEvaluation: (point) => tell({ type: 'evaluation', point }),
    onState: async (state, last) => {
      const now = performance.now();
      if (last || !pace.playing || now - taken >= BETWEEN_PICTURES) {
        tell({ type: 'picture', picture: await camera.take(state) });
        taken = now;
      }
      if (!last) await turn();
    },
    stepsAtOnce: () => (pace.playing ? pace.stepsAtOnce : 1),
    shouldStop: () => ended,
  };
  const model = await train(config, data, runtime, hooks, start);
  await camera.release();
  const models = { encoder: model.encoderOnnx(), decoder: model.decoderOnnx() };
  tell({ type: 'ended', state: model.state, ...models, ...(model.fault && { fault: model.fault.message }) });
};

addEventListener('message', ({ data: message }: MessageEvent<ToWorker>) => {
  if (message.type === 'start') {
    ({ pace } = message);
    begin(message).catch((error: unknown) =>
      tell({ type: 'fault', message: error instanceof Error ? error.message : String(error) }),
    );
    return;
  }
  if (message.type === 'pace') ({ pace } = message);
  else if (message.type === 'step') single++;
  else ended = true;
  wake();
});
