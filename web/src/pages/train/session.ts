/** The training that this tab has under way, and the curves of those before it. */
import { computed, signal } from '@preact/signals';
import type { CurvePoint, Progress, TrainConfig } from '../../../../src/vae/training/index.js';
import type { Device, FromWorker, Pace, Picture, SavedFiles, TabData, ToWorker } from '../../training/messages.js';

export interface Trained {
  readonly name: string;
  readonly config: TrainConfig;
  readonly curve: readonly CurvePoint[];
}

export type Phase = 'empty' | 'drawing' | 'paused' | 'playing' | 'ended' | 'fault';

export const phase = signal<Phase>('empty');
export const message = signal('');
export const share = signal(0);
export const runtime = signal('');
export const size = signal({
  width: 28,
  height: 28,
  steps: 0,
  latents: 2,
  images: [0, 0] as readonly [number, number],
});
export const progress = signal<Progress | undefined>(undefined);
export const picture = signal<Picture | undefined>(undefined);
export const models = signal<SavedFiles | undefined>(undefined);
/** Files in place of glyphs. */
export const files = signal<readonly File[]>([]);
/** A VAE to begin with in place of random weights. */
export const saved = signal<SavedFiles | undefined>(undefined);
/** The last one is the one under way. */
export const trained = signal<readonly Trained[]>([]);
export const current = computed(() => trained.value.at(-1));

let worker: Worker | undefined;
let finished: (() => void) | undefined;
const send = (to: ToWorker): void => worker?.postMessage(to);

export const nameOf = ({ regime, kl }: Pick<TrainConfig, 'regime' | 'kl'>): string =>
  regime === 'random-z' ? regime : `${regime}, ${kl === 'mc' ? 'Monte Carlo' : 'analytic'} KL`;

const receive = (said: FromWorker, playing: boolean): void => {
  switch (said.type) {
    case 'drawing':
      share.value = said.share;
      break;
    case 'ready':
      runtime.value = said.runtime;
      size.value = said;
      if (phase.value === 'drawing') phase.value = playing ? 'playing' : 'paused';
      break;
    case 'progress':
      progress.value = said.progress;
      break;
    case 'evaluation': {
      const last = current.value;
      if (last) trained.value = [...trained.value.slice(0, -1), { ...last, curve: [...last.curve, said.point] }];
      break;
    }
    case 'picture':
      picture.value = said.picture;
      break;
    case 'ended':
      models.value = said;
      message.value = said.fault ?? '';
      phase.value = said.fault === undefined ? 'ended' : 'fault';
      finished?.();
      break;
    case 'fault':
      message.value = said.message;
      phase.value = 'fault';
      finished?.();
  }
};

/** Forgets the training under way; its curve stays where it got far enough to be told. */
export const stop = (): void => {
  worker?.terminate();
  worker = undefined;
  phase.value = 'empty';
  progress.value = undefined;
  picture.value = undefined;
  models.value = undefined;
};

/** Starts a training; resolves when it has ended, however that was. */
export const start = (config: TrainConfig, data: TabData, device: Device, pace: Pace): Promise<void> => {
  stop();
  phase.value = 'drawing';
  share.value = 0;
  message.value = '';
  const name = nameOf(config);
  trained.value = [...trained.value.filter((other) => other.name !== name), { name, config, curve: [] }];
  worker = new Worker(new URL('../../training/worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data: said }: MessageEvent<FromWorker>) => receive(said, pace.playing));
  worker.addEventListener('error', (event) =>
    receive({ type: 'fault', message: event.message || 'its worker could not start' }, false),
  );
  send({ type: 'start', config, data, device, pace, ...(saved.value && { saved: saved.value }) });
  return new Promise((resolve) => {
    finished = resolve;
  });
};

export const setPace = (pace: Pace): void => {
  if (phase.value === 'playing' || phase.value === 'paused') phase.value = pace.playing ? 'playing' : 'paused';
  send({ type: 'pace', pace });
};

export const step = (): void => send({ type: 'step' });
/** Ends the training with what it has learned, so that it can be saved. */
export const end = (): void => send({ type: 'end' });
