/** What a dropped file is for. */

export const ROLES = [
  'encoder',
  'decoder',
  'weights',
  'data',
  'test',
  'labels',
  'codes',
  'z',
  'mu',
  'sigma',
  'log-var',
  'test-codes',
  'test-z',
  'test-mu',
  'test-sigma',
  'test-log-var',
  'unused',
] as const;
export type Role = (typeof ROLES)[number];

/** As the page calls them. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  encoder: 'encoder',
  decoder: 'decoder',
  weights: 'weights of a model',
  data: 'images',
  test: 'held-out images',
  labels: 'labels',
  codes: 'codes, named inside',
  z: 'codes z',
  mu: 'means mu',
  sigma: 'deviations sigma',
  'log-var': 'log-variances',
  'test-codes': 'held-out codes, named inside',
  'test-z': 'held-out z',
  'test-mu': 'held-out mu',
  'test-sigma': 'held-out sigma',
  'test-log-var': 'held-out log-variances',
  unused: 'not used',
};

const ARRAYS: readonly (readonly [RegExp, 'labels' | 'log-var' | 'sigma' | 'mu' | 'z'])[] = [
  [/(^|_)(labels?|classes|targets?|y)(_|$)/, 'labels'],
  [/(^|_)log_?(var|variance)(_|$)|(^|_)lv(_|$)/, 'log-var'],
  [/(^|_)(sigma|std|sd|scale)(_|$)/, 'sigma'],
  [/(^|_)(mu|mean|means|loc)(_|$)/, 'mu'],
  [/(^|_)(z|latents?|codes?|embeddings?)(_|$)/, 'z'],
];
const HELD_OUT = /(^|_)(test|val|valid|validation|held|heldout|t10k)(_|$)/;

const wordsOf = (name: string): string =>
  name
    .replace(/\.gz$/i, '')
    .replace(/\.[^.]+$/, '')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '_');

const isModel = (name: string): boolean => /\.onnx$/i.test(name);

const modelRole = (name: string): Role => (/dec|gen/i.test(name) ? 'decoder' : 'encoder');

const arrayRole = (name: string, withEncoder: boolean): Role => {
  const words = wordsOf(name);
  const held = HELD_OUT.test(words);
  const known = ARRAYS.find(([pattern]) => pattern.test(words))?.[1];
  if (/ubyte|\.idx/i.test(name)) return /labels|idx1/.test(name) ? 'labels' : held ? 'test' : 'data';
  if (known === 'labels') return held ? 'unused' : 'labels';
  if (withEncoder) return held ? 'test' : 'data';
  if (!/\.npy$/i.test(name)) return held ? 'test-codes' : 'codes';
  return `${held ? 'test-' : ''}${known ?? 'z'}`;
};

/** What files are for by their names; people may say otherwise. */
export const guessRoles = (names: readonly string[]): Role[] => {
  const withEncoder = names.some((name) => isModel(name) && modelRole(name) === 'encoder');
  return names.map((name) => {
    if (isModel(name)) return modelRole(name);
    const isArray = /\.(npy|npz|safetensors|csv|tsv|idx)$|ubyte|\.gz$/i.test(name);
    return isArray ? arrayRole(name, withEncoder) : 'weights';
  });
};
