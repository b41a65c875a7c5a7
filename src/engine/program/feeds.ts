import type { HostTensor } from '../runtime/index.js';

/** Values of the per-step inputs of several steps, each with a leading dimension for the step. */
export type StepFeeds = Readonly<Record<string, HostTensor>>;

/** The feeds of one step out of those of many. */
export const rowOf = (feeds: StepFeeds, i: number): Record<string, HostTensor> =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, x]) => {
      const size = x.data.length / x.shape[0]!;
      return [name, { ...x, shape: x.shape.slice(1), data: x.data.slice(i * size, (i + 1) * size) } as HostTensor];
    }),
  );

/** Whether a tensor holds neither NaN nor an infinity: 0 · x is 0 for every other number. */
export const isFiniteTensor = (x: HostTensor): boolean => {
  if (x.dtype !== 'float32') return true;
  let sum = 0;
  for (let i = 0; i < x.data.length; i++) sum += x.data[i]! * 0;
  return sum === 0;
};
