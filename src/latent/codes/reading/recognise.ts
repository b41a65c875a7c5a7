/** Codes by the names that people give to columns and arrays, where the options do not say which they are. */
import { InputError } from '../../../engine/errors/index.js';
import { ALL, listedNames, type Numbers } from '../../../vae/data/arrays/index.js';
import type { Choice, Scale } from './choice.js';

const MEANS = ['mu', 'mean', 'z_mean'];
const SCALES: readonly (readonly [string, Scale])[] = [
  ['log_var', 'log-var'],
  ['logvar', 'log-var'],
  ['z_log_var', 'log-var'],
  ['sigma', 'sigma'],
  ['std', 'sigma'],
  ['sd', 'sigma'],
];
const DRAWS = ['z', 'latent'];

/** How a name is asked for: of columns, those that are numbered behind it. */
const asked = ({ kind, names }: Numbers, name: string): string | undefined => {
  if (kind === 'arrays') return names.includes(name) ? name : undefined;
  const numbered = new RegExp(`^${name}_\\d+$`);
  return names.some((column) => numbered.test(column)) ? `${name}_*` : undefined;
};

const first = <T>(all: readonly T[], wanted: (one: T) => string | undefined): [T, string] | undefined => {
  for (const one of all) {
    const found = wanted(one);
    if (found !== undefined) return [one, found];
  }
  return undefined;
};

/** Throws: InputError with the names that there are, where none is known. */
export const recogniseCodes = (numbers: Numbers): { readonly choice: Choice; readonly note: string } => {
  const { name, kind, names } = numbers;
  const chosen = (what: string): string => `Recognised in ${name}: ${what}.`;
  if (kind === 'one') return { choice: { kind: 'z', z: ALL }, note: `Took ${name} as draws z.` };
  const mu = first(MEANS, (one) => asked(numbers, one));
  const sigma = first(SCALES, ([one]) => asked(numbers, one));
  if (mu && sigma) {
    const scale = sigma[0][1];
    const note = chosen(`${mu[1]} as mu, ${sigma[1]} as ${scale.replace('-', '_')}`);
    return { choice: { kind: 'mu', mu: mu[1], scale, sigma: sigma[1] }, note };
  }
  const z = first(DRAWS, (one) => asked(numbers, one));
  if (z) return { choice: { kind: 'z', z: z[1] }, note: chosen(`${z[1]} as draws z`) };
  const say =
    kind === 'columns' ? `--mu 'mu_*' with --sigma 'sd_*', or --z 'z_*'` : '--mu NAME with --sigma NAME, or --z NAME';
  throw new InputError(`${name}: expected ${say} to say which ${kind} are codes, got ${listedNames(names)}`);
};
