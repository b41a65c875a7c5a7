import { InputError } from '../../engine/errors/index.js';
import {
  add,
  cast,
  input,
  logSumExp,
  matmul,
  mean,
  mul,
  named,
  relu,
  type Shape,
  sub,
  sum,
  type Tensor,
} from '../../engine/graph/index.js';
import { toBatchModel } from '../../engine/onnx/index.js';
import { createOptimizer, type OptimizerConfig } from '../../engine/optim/index.js';
import { createTrainer, traceStep, views } from '../../engine/program/index.js';
import { type HostTensor, type Runtime, uint8 } from '../../engine/runtime/index.js';
import { initialParameters } from '../../vae/architectures/index.js';
import { type Dataset, epochOrder, type ImageSet } from '../../vae/data/index.js';
import { VERSION } from '../../vae/training/index.js';
import type { Measured } from '../audit/result.js';
import { wilsonInterval } from '../audit/twoSample/index.js';
import { contentHash } from './contentHash.js';
import { type ExtractorFacts, extractorMetadata, extractWith, type FeatureExtractor, unitPixels } from './extractor.js';

export interface ClassifierOptions {
  readonly seed: number;
  readonly runtime: Runtime;
  /** Widths of the hidden layers; the last one's values are the features. 256 and 64. */
  readonly hidden?: readonly number[];
  /** Passes over the training images; 5. */
  readonly epochs?: number;
  /** Share done, 0 … 1; throws to interrupt. */
  readonly onProgress?: (share: number) => void;
}

const OPTIMIZER: OptimizerConfig = { name: 'adam', lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8 };
const BATCH = 128;
/** Steps in one call of the runtime. */
const CHUNK = 50;

type Parameters = Readonly<Record<string, Tensor>>;

const shapesOf = (widths: readonly number[]): Record<string, Shape> =>
  Object.fromEntries(
    widths.slice(1).flatMap((out, i) => [
      [`classifier.${i}.weight`, [widths[i]!, out]],
      [`classifier.${i}.bias`, [out]],
    ]),
  );

/** Features are the values before the last layer, after their ReLU. Shapes: x [B, P] -> [B, width], [B, classes]. */
const classify = (parameters: Parameters, layers: number, x: Tensor) => {
  const dense = (h: Tensor, i: number): Tensor =>
    add(matmul(h, parameters[`classifier.${i}.weight`]!), parameters[`classifier.${i}.bias`]!);
  let features = x;
  for (let i = 0; i < layers - 1; i++) features = relu(dense(features, i));
  return { features, logits: dense(features, layers - 1) };
};

type Labelled = ImageSet & { readonly labels: Uint8Array };

const labelled = (images: ImageSet, part: string): Labelled => {
  const { labels, count } = images;
  if (labels?.length === count && count > 0) return { ...images, labels };
  throw new InputError(`classifier: expected a label for each ${part} image, got ${labels?.length ?? 0} for ${count}`);
};

/**
 * The last hidden layer of a small classifier of the data's own labels: features that know what makes a digit. A
 * distance over them is called classifier Fréchet distance: it compares models of one data set and seed, and is no FID.
 *
 * A ReLU network P-256-64-classes learns cross-entropy on x = byte / 255 by Adam (1e-3, batches of 128). The result
 * depends on data, seed and the runtime's threads alone. Give it images as samples are given to it: binarised (0 and 255)
 * where samples are.
 *
 * Throws: InputError when labels are missing or of one class.
 */
export const classifierExtractor = async (
  data: Pick<Dataset, 'train' | 'test'>,
  { seed, runtime, hidden = [256, 64], epochs = 5, onProgress }: ClassifierOptions,
): Promise<FeatureExtractor> => {
  const [train, test] = [labelled(data.train, 'training'), labelled(data.test, 'test')];
  const pixels = train.height * train.width;
  const classes = train.labels.reduce((most, label) => Math.max(most, label), 0) + 1;
  if (classes < 2) throw new InputError('classifier: expected labels of at least 2 classes, got 1');
  const widths = [pixels, ...hidden, classes];
  const parameters = await learn(train, widths, { seed, runtime, epochs, ...(onProgress && { onProgress }) });
  const weights = views(parameters, shapesOf(widths));
  const modelOf = (what: 'features' | 'logits', metadata: Record<string, string> = {}): Uint8Array =>
    toBatchModel(
      (batch) => {
        const inputs = Object.fromEntries(
          Object.entries(shapesOf(widths)).map(([name, shape]) => [name, input(name, shape)]),
        );
        return { features: classify(inputs, widths.length - 1, input('x', [batch, pixels]))[what] };
      },
      { version: VERSION, description: `${what} of a classifier of x in 0..1`, metadata },
      { weights },
    );
  const width = widths.at(-2)!;
  const logits = await extractWith(modelOf('logits'), pixels, classes, runtime)(unitPixels(test.pixels));
  const facts: ExtractorFacts = {
    name: `classifier ${widths.join('-')}, its last hidden layer`,
    kind: 'classifier',
    distance: 'classifier Fréchet distance',
    width,
    hash: contentHash([parameters]),
    accuracy: accuracyOf(logits.values, test.labels, seed),
  };
  const onnx = modelOf('features', extractorMetadata(facts));
  return { ...facts, onnx, extract: extractWith(onnx, pixels, width, runtime) };
};

/** Values of the parameters after training. */
const learn = async (
  images: Labelled,
  widths: readonly number[],
  {
    seed,
    runtime,
    epochs,
    onProgress,
  }: Required<Pick<ClassifierOptions, 'seed' | 'runtime' | 'epochs'>> & Pick<ClassifierOptions, 'onProgress'>,
): Promise<Float32Array> => {
  const [pixels, classes] = [widths[0]!, widths.at(-1)!];
  const shapes = shapesOf(widths);
  const batch = Math.min(BATCH, images.count);
  const optimizer = createOptimizer(OPTIMIZER);
  const step = traceStep({
    learned: shapes,
    frozen: {},
    optimizer,
    perStep: ['x', 'classes'],
    trace: (parameters) => {
      const x = mul(cast(input('x', [batch, pixels], 'uint8'), 'float32'), 1 / 255);
      const { logits } = classify(parameters, widths.length - 1, x);
      const own = sum(mul(logits, cast(input('classes', [batch, classes], 'uint8'), 'float32')), 1);
      const loss = named('loss', mean(sub(logSumExp(logits, 1), own)));
      return { lessons: [{ loss, learns: Object.keys(shapes) }], reports: { loss } };
    },
  });
  const trainer = await createTrainer({
    step,
    optimizer,
    runtime,
    info: { version: VERSION },
    learned: initialParameters(shapes, seed),
    frozen: new Float32Array(0),
  });
  const feeds = classBatches(images, batch, classes, seed);
  const steps = Math.max(1, Math.round(epochs * Math.floor(images.count / batch)));
  try {
    while (trainer.taken < steps) {
      const count = Math.min(CHUNK, steps - trainer.taken);
      await trainer.run(count, feeds(trainer.taken, count));
      onProgress?.(trainer.taken / steps);
    }
    return trainer.parameters;
  } finally {
    await trainer.release();
  }
};

/** Images and their classes, one-hot, of steps from … from + count - 1; each epoch in an order of its own. */
const classBatches = (images: Labelled, batch: number, classes: number, seed: number) => {
  const pixels = images.height * images.width;
  const perEpoch = Math.floor(images.count / batch);
  return (from: number, count: number): Record<string, HostTensor> => {
    const x = new Uint8Array(count * batch * pixels);
    const own = new Uint8Array(count * batch * classes);
    let epoch = -1;
    let order: Uint32Array = new Uint32Array(0);
    for (let at = 0; at < count * batch; at++) {
      const stepOf = from + Math.floor(at / batch);
      if (Math.floor(stepOf / perEpoch) !== epoch) {
        epoch = Math.floor(stepOf / perEpoch);
        order = epochOrder(seed, epoch, images.count);
      }
      const image = order[(stepOf % perEpoch) * batch + (at % batch)]!;
      x.set(images.pixels.subarray(image * pixels, (image + 1) * pixels), at * pixels);
      own[at * classes + images.labels[image]!] = 1;
    }
    return { x: uint8(x, [count, batch, pixels]), classes: uint8(own, [count, batch, classes]) };
  };
};

const accuracyOf = (logits: Float32Array, labels: Uint8Array, seed: number): Measured => {
  const n = labels.length;
  const classes = logits.length / n;
  let right = 0;
  for (let i = 0; i < n; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const best = row.reduce((most, value, c) => (value > row[most]! ? c : most), 0);
    if (best === labels[i]) right += 1;
  }
  const value = right / n;
  const se = Math.sqrt((value * (1 - value)) / n);
  return { value, se, interval: wilsonInterval(right, n), n, seed, unit: 'share', by: 'test images' };
};
