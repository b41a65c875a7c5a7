import type * as Plot from '@observablehq/plot';
import { integer, short } from '../../../../latent/numbers/index.js';
import type { OptimizerPath, TheoryPaths } from '../../../theory/index.js';
import { csv } from '../../csv.js';
import { colour } from '../../palette.js';
import { listed } from '../../words.js';
import type { Figure } from '../figure.js';
import { assemble, rounded, rowsOf } from './assemble.js';
import { apart, curve, dots, fixedPoint, LAYERS, type Layer, zip } from './curve.js';
import { drawFrame, evenHeight, note, type Size } from './frame.js';
import { klLines } from './klContours.js';

const name = 'theory-optimizer-paths';
const title = 'Which way do the optimizers take, and do they stay?';
const PLANE = { mu: [-0.8, 2.2], sigma: [0.2, 1.6] } as const;
const LOWEST = 1e-12;

const layerOf = ({ optimizer }: OptimizerPath): Layer => {
  const layers: Readonly<Record<string, Layer>> = LAYERS;
  return layers[optimizer.name] ?? { id: optimizer.name, label: optimizer.name, colour: colour('muted') };
};

const lastStep = (optimizers: readonly OptimizerPath[]): number => optimizers[0]!.path.kl.length - 1;

/** Steps until the KL is first below 0.001 nats. */
const arrival = ({ path }: OptimizerPath): number => path.kl.findIndex((kl) => kl < 1e-3);

/** Greatest KL after it was once below a millionth of a nat. */
const thrownTo = ({ path }: OptimizerPath): number => {
  const arrived = path.kl.findIndex((kl) => kl < 1e-6);
  return arrived < 0 ? Number.NaN : Math.max(...path.kl.slice(arrived));
};

/** Places of the names where each line stands alone: on the plane (μ, σ), and over the steps (step, KL). */
const ON_PLANE: Places = { momentum: [0.75, 1.43] };
const OVER_STEPS: Places = { sgd: [480, 1e-8], rmsprop: [930, 1e-6], adam: [340, 1e-5] };

type Places = Readonly<Record<string, readonly [number, number]>>;

const namesAt = (places: Places, optimizers: readonly OptimizerPath[]): Plot.Markish[] =>
  optimizers.flatMap((each) => {
    const at = places[each.optimizer.name];
    const { id, label, colour: fill } = layerOf(each);
    return at ? [note(at, label, fill, { dx: 6 }, id)] : [];
  });

const plane = (optimizers: readonly OptimizerPath[], size: Size, named: boolean): string =>
  drawFrame({
    ...size,
    x: { label: 'μ, mean of the code', domain: PLANE.mu },
    y: { label: 'σ, standard deviation of the code', domain: PLANE.sigma },
    grid: false,
    marks: [
      ...klLines(),
      ...optimizers.map((each) => curve(layerOf(each), apart(zip(each.path.mu, each.path.sigma)))),
      dots([[optimizers[0]!.path.mu[0]!, optimizers[0]!.path.sigma[0]!]], { fill: colour('ink'), r: 4.5 }),
      fixedPoint(),
      note([0, 1], '(0, 1)', colour('ink'), { dx: -10, dy: -12, anchor: 'end', size: 13 }),
      ...(named ? namesAt(ON_PLANE, optimizers) : []),
    ],
  });

const klPanel = (optimizers: readonly OptimizerPath[], size: Size, named: boolean): string =>
  drawFrame({
    ...size,
    x: { label: 'optimizer steps', domain: [0, lastStep(optimizers)], format: integer },
    marginRight: 22,
    y: { label: 'KL  (nats)', domain: [LOWEST, 6], type: 'log', ticks: [1e-12, 1e-8, 1e-4, 1] },
    marks: [
      ...optimizers.map((each) =>
        curve(
          layerOf(each),
          zip(
            each.path.t,
            each.path.kl.map((kl) => Math.max(kl, LOWEST / 1e3)),
          ),
          1.5,
        ),
      ),
      ...(named ? namesAt(OVER_STEPS, optimizers) : []),
    ],
  });

/** SGD, momentum, RMSprop and Adam as maps of the plane, from one start and at one rate. Nats, steps. */
export const optimizerPaths = ({ optimizers }: Pick<TheoryPaths, 'optimizers'>): Figure => {
  const sizes = (width: number): [Size, Size] => {
    const height = evenHeight(width, PLANE.mu, PLANE.sigma);
    return [
      { width, height },
      { width, height },
    ];
  };
  const drawn = ([left, right]: [Size, Size], named: boolean) => [
    { ...left, svg: plane(optimizers, left, named) },
    { ...right, svg: klPanel(optimizers, right, named) },
  ];
  return assemble({
    name,
    title,
    answer: answer(optimizers),
    reading: reading(optimizers),
    description: description(optimizers),
    csv: csv(
      ['optimizer', 'step', 'mu', 'sigma', 'kl', 'kl_change'],
      optimizers.flatMap((each) =>
        each.path.t.map((t, i) => [
          layerOf(each).label,
          t,
          ...[each.path.mu[i]!, each.path.sigma[i]!, each.path.kl[i]!, each.path.dkl[i]!].map(rounded),
        ]),
      ),
    ),
    layers: optimizers.map(layerOf),
    wide: rowsOf(960, [drawn(sizes(468), true)]),
    narrow: rowsOf(
      348,
      drawn(sizes(348), false).map((panel) => [panel]),
    ),
  });
};

const answer = (optimizers: readonly OptimizerPath[]): string => {
  const told = optimizers.map((each) => `${layerOf(each).label} after ${integer(arrival(each))}`);
  const rmsprop = optimizers.find(({ optimizer }) => optimizer.name === 'rmsprop');
  const rest = optimizers.filter((each) => each !== rmsprop).map((each) => layerOf(each).label);
  return (
    `All come to (0, 1): the KL is below 0.001 nats for ${listed(told)} steps. ` +
    (rmsprop
      ? `${listed(rest)} stay there for the rest of the ${integer(lastStep(optimizers))} steps. RMSprop does not: once the point has arrived, its running size of the gradient forgets the descent, the ` +
        `effective step outgrows the curvature, and it is thrown out again, to ${short(thrownTo(rmsprop))} nats.`
      : '')
  );
};

const reading = (optimizers: readonly OptimizerPath[]): string =>
  `Rate ${listed([...new Set(optimizers.map(({ optimizer }) => String(optimizer.lr)))])} for all. SGD is gradient flow in small steps, momentum a ` +
  'heavy ball; RMSprop and Adam divide by the size of the gradient, so both coordinates set out at the same pace. ' +
  `Values below ${short(LOWEST)} nats are below the frame.`;

const description = (optimizers: readonly OptimizerPath[]): string =>
  'Left: paths on the (μ, σ) plane from one start to (0, 1). SGD, RMSprop and Adam take nearly the same bow, ' +
  'up and to the left; momentum shoots past it and loops around (0, 1). ' +
  `Right: KL over ${integer(lastStep(optimizers))} steps on a logarithmic axis; all fall, and RMSprop alone springs up again.`;
