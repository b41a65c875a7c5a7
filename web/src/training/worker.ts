/** Trains in a thread of its own, so that the page stays quick. */
import { type Dataset, glyphs } from '../../../src/vae/data/index.js';
import { type TrainConfig, train } from '../../../src/vae/training/index.js';
import type { FromWorker, Pace, TabData, ToWorker } from './messages.js';
import { createCamera } from './picture.js';
import { tabRuntime } from './runtime.js';

/** A picture costs about as much as ten steps: not more often than the eye follows. */
const BETWEEN_PICTURES = 120;

const tell = (message: FromWorker): void => postMessage(message);

let pace: Pace = { playing: false, stepsAtOnce: 1 };
let single = 0;
let ended = false;
let wake = (): void => {};

const open = (data: TabData): Dataset => {
  if (data.kind === 'images') return data;
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

const start = async (config: TrainConfig, source: TabData): Promise<void> => {
  const data = open(source);
  const runtime = tabRuntime();
  const camera = await createCamera(config, data, runtime);
  const perEpoch = Math.floor(data.train.count / config.batch);
  const { width, height } = data.test;
  tell({ type: 'ready', runtime: runtime.description, steps: Math.round(config.epochs * perEpoch), width, height });
  let taken = Number.NEGATIVE_INFINITY;
  const model = await train(config, data, runtime, {
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
  });
  await camera.release();
  const models = { encoder: model.encoderOnnx(), decoder: model.decoderOnnx() };
  tell({ type: 'ended', state: model.state, ...models, ...(model.fault && { fault: model.fault.message }) });
};

addEventListener('message', ({ data: message }: MessageEvent<ToWorker>) => {
  if (message.type === 'start') {
    ({ pace } = message);
    start(message.config, message.data).catch((error: unknown) =>
      tell({ type: 'fault', message: error instanceof Error ? error.message : String(error) }),
    );
    return;
  }
  if (message.type === 'pace') ({ pace } = message);
  else if (message.type === 'step') single++;
  else ended = true;
  wake();
});
