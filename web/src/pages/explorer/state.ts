import { type Entry, numberIn, oneOf, pageState } from '../../shell/address.js';
import type { Colouring, Points } from './threads/codesWorker.js';

export const VIEWS = ['dimensions', 'components', 'umap'] as const;
export type View = (typeof VIEWS)[number];
export const TOOLS = ['look', 'pick', 'pan'] as const;
export type Tool = (typeof TOOLS)[number];
export const COLOURINGS = ['label', 'rate', 'ratio'] as const satisfies readonly Colouring[];
/** Samplers that a tab fits in seconds. */
export const FAMILIES = ['full-gaussian', 'mixture-10', 'mixture'] as const;
/** What stands in for a run where files of this device are open. */
export const LOCAL = 'local';

const text = (pattern: RegExp): Entry<string> => ({
  initial: '',
  read: (said) => (pattern.test(said) ? said : undefined),
  write: (value) => value,
});

/** Values that sliders hold, by axis: `3:0.5,7:-1.2`. */
const fixed: Entry<Readonly<Record<number, number>>> = {
  initial: {},
  read: (said) => {
    const pairs = said.split(',').map((pair) => pair.split(':').map(Number));
    const right = pairs.every(([axis, value]) => Number.isInteger(axis) && axis! >= 0 && Number.isFinite(value));
    return right ? Object.fromEntries(pairs) : undefined;
  },
  write: (values) =>
    Object.entries(values)
      .map(([axis, value]) => `${axis}:${Number(value.toFixed(3))}`)
      .join(','),
};

const seed = (initial: number): Entry<number> => numberIn(initial, 0, 0xffffffff, 0);

/** A number, or none: −1. */
const orNone = (high: number): Entry<number> => numberIn(-1, -1, high, 0);

/** Axes, codes and along of −1 are chosen by the page. */
export const explorer = pageState({
  run: text(/^[\w-]{1,64}$/),
  view: oneOf<View>('dimensions', VIEWS),
  across: orNone(4095),
  up: orNone(4095),
  points: oneOf<Points>('means', ['means', 'draws']),
  colour: oneOf<Colouring>('label', COLOURINGS),
  holes: oneOf('on', ['on', 'off']),
  tool: oneOf<Tool>('look', TOOLS),
  /** The point, in coordinates of the plane, and whether it stays when the pointer moves. */
  u: numberIn(0, -1e6, 1e6, 4),
  v: numberIn(0, -1e6, 1e6, 4),
  held: oneOf('no', ['no', 'yes']),
  rest: oneOf<'code' | 'zero'>('code', ['code', 'zero']),
  fixed,
  /** Middle of the picture and half its height; 0: all codes. */
  x: numberIn(0, -1e6, 1e6, 4),
  y: numberIn(0, -1e6, 1e6, 4),
  reach: numberIn(0, 0, 1e6, 4),
  from: orNone(1e9),
  to: orNone(1e9),
  path: oneOf<'linear' | 'spherical'>('spherical', ['linear', 'spherical']),
  along: orNone(4095),
  sampler: text(/^[\w/.-]{1,200}$/),
  /** Of draws, of what is chosen among codes by chance, and of UMAP. */
  draws: seed(1),
  seed: seed(1),
  umap: seed(1),
  embedded: numberIn(2000, 100, 10_000, 0),
});
export type ExplorerValues = ReturnType<typeof explorer.read>;
