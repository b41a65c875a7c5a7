import { type Entry, numberIn, oneOf, pageState } from '../../shell/address.js';

/** The part of the plane that is drawn. Encoders in training start near (0, 1) and end at σ of 0.02 to 0.3. */
export const AREA = { mu: [-3, 3], sigma: [0.05, 3] } as const;

/** Natural time of the flow and of the ball, and steps of Adam: where the paths end. */
export const DURATION = 12;
export const STEPS = 200;

export const LAWS = ['gradient flow', 'heavy ball', 'Adam'] as const;
export type Law = (typeof LAWS)[number];

/** The key of a run, or none. */
const runKey: Entry<string> = {
  initial: '',
  read: (text) => (/^[0-9a-f]{10}$/.test(text) ? text : undefined),
  write: (value) => value,
};

/** A start, the friction γ of the ball, Adam's rate, the share of the time that is shown, and the law that is charted. */
export const plane = pageState({
  mu: numberIn(2, ...AREA.mu),
  sigma: numberIn(0.3, ...AREA.sigma),
  friction: numberIn(0.5, 0, 4, 2),
  rate: numberIn(0.05, 0.005, 0.2),
  shown: numberIn(1, 0, 1),
  law: oneOf<Law>('gradient flow', LAWS),
  /** Whose measured codes are drawn too. */
  run: runKey,
});
