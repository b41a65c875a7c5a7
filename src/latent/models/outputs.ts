/** Which output of an encoder is the mean, which the scale, and which a draw. */
import { didYouMean, InputError } from '../../engine/errors/index.js';

/** The scale is a standard deviation, a variance, or the logarithm of one of them. */
export const SCALES = ['sigma', 'var', 'log_var', 'log_sigma'] as const;
export type Scale = (typeof SCALES)[number];
/** `moments` holds mu in its first half and log_var in its second. `image` is of the decoder. */
export const ROLES = ['mu', ...SCALES, 'z', 'moments', 'image'] as const;
export type Role = (typeof ROLES)[number];
export type Told = Readonly<Partial<Record<Role, string>>>;

/** What an output holds for the first images. */
export interface TrialOutput {
  readonly name: string;
  /** Axes of one row. */
  readonly row: readonly number[];
  /** [n, Π row] */
  readonly values: Float32Array;
  /** The same images gave other values the second time. */
  readonly varies: boolean;
}

export interface Recognised {
  readonly role: Role;
  readonly name: string;
  /** Told by the user, read from the name, or concluded from size, sign and mean of the values. */
  readonly by: 'option' | 'name' | 'values';
}

/** `mu=NAME,log_var=NAME`. Throws: InputError, a line for each problem. */
export const parseOutputs = (text: string): Told => {
  const told: Partial<Record<Role, string>> = {};
  const problems: string[] = [];
  for (const part of text.split(',')) {
    const [, key = part.trim(), name = ''] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    const role = ROLES.find((each) => each === key);
    if (!role) problems.push(`--outputs: expected ${ROLES.join(', ')}, got "${key}"${didYouMean(key, ROLES)}`);
    else if (name === '') problems.push(`--outputs: expected ${role}=NAME, got "${part.trim()}"`);
    else if (told[role] !== undefined) problems.push(`--outputs: expected ${role} once, got it twice`);
    else told[role] = name;
  }
  const scales = SCALES.filter((scale) => told[scale] !== undefined);
  if (scales.length > 1) problems.push(`--outputs: expected one of ${SCALES.join(', ')}, got ${scales.join(' and ')}`);
  if (told.moments && (told.mu || scales.length > 0)) {
    problems.push('--outputs: expected moments alone, got mu or a scale beside it');
  }
  if (scales.length > 0 && told.mu === undefined) problems.push(`--outputs: expected mu beside ${scales[0]}, got none`);
  if (problems.length > 0) throw new InputError(problems.join('\n'));
  return told;
};

/** What names say, the most particular first. */
const NAMES: readonly (readonly [Role, RegExp])[] = [
  ['log_var', /(^|_)log_?(var|variance|sigma_?(2|sq|squared))(_|$)|(^|_)lv(_|$)/],
  ['log_sigma', /(^|_)log_?(sigma|std|sd|scale|stddev)(_|$)/],
  ['var', /(^|_)(var|variance|sigma_?(2|sq|squared))(_|$)/],
  ['sigma', /(^|_)(sigma|std|sd|scale|stddev|stdev)(_|$)/],
  ['mu', /(^|_)(mu|mean|means|loc|location)(_|$)/],
  ['moments', /(^|_)(moments|posterior)(_|$)/],
  ['z', /(^|_)(z|sample|samples|latent|latents|code|codes|embedding)(_|$)/],
];

/** `encoder/zLogVar:0` -> `encoder_z_log_var`. */
const words = (name: string): string =>
  name
    .replace(/:\d+$/, '')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '_');

const roleOfName = (name: string): Role | undefined => NAMES.find(([, pattern]) => pattern.test(words(name)))?.[0];

const sizeOf = ({ row }: TrialOutput): number => row.reduce((product, size) => product * size, 1);
const meanOf = ({ values }: TrialOutput): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const isPositive = ({ values }: TrialOutput): boolean => values.every((value) => value >= 0);

const listed = (outputs: readonly TrialOutput[]): string =>
  outputs.map(({ name, row }) => `${name} [n, ${row.join(', ')}]`).join(', ');

const isScale = (role: Role): role is Scale => (SCALES as readonly Role[]).includes(role);

/** Each role that exactly one output is named for. */
const byNames = (outputs: readonly TrialOutput[], encoder: string): Recognised[] => {
  const named = outputs.flatMap(({ name }) => {
    const role = roleOfName(name);
    return role ? [{ role, name, by: 'name' as const }] : [];
  });
  const twice = named.find(({ role }, i) => named.findIndex((other) => other.role === role) < i);
  if (twice && twice.role !== 'z') {
    const names = named.filter(({ role }) => role === twice.role).map(({ name }) => name);
    throw new InputError(
      `${encoder}: expected one output for ${twice.role}, got ${names.join(', ')}; say --outputs ${twice.role}=NAME,…`,
    );
  }
  const scales = named.filter(({ role }) => isScale(role));
  if (scales.length > 1) {
    const names = scales.map(({ role, name }) => `${name} (${role})`).join(', ');
    throw new InputError(
      `${encoder}: expected one output for the scale, got ${names}; say --outputs mu=NAME,${scales[0]!.role}=NAME`,
    );
  }
  return named.filter(({ role }, i) => named.findIndex((other) => other.role === role) === i);
};

/** What size, sign and mean say of outputs whose names say nothing: what varies is a draw, what is positive a scale. */
const byValues = (outputs: readonly TrialOutput[], latents: number | undefined): Recognised[] => {
  const given = (role: Role, { name }: TrialOutput): Recognised => ({ role, name, by: 'values' });
  const [only, second] = outputs;
  if (only && !second) return [given(latents !== undefined && sizeOf(only) === 2 * latents ? 'moments' : 'z', only)];
  const size = latents ?? sizeOf(outputs[0]!);
  const alike = outputs.filter((output) => sizeOf(output) === size);
  const draw = alike.find(({ varies }) => varies);
  const [first, other, third] = alike.filter((output) => output !== draw);
  if (!first || !other) return [];
  const z = draw ?? third;
  const rest = z ? [given('z', z)] : [];
  if (isPositive(first) !== isPositive(other)) {
    const [mu, sigma] = isPositive(first) ? [other, first] : [first, other];
    return [given('mu', mu), given('sigma', sigma), ...rest];
  }
  // Logarithms of variances lie below 0 wherever z carries anything; means lie about 0.
  const [mu, logVar] = meanOf(first) < meanOf(other) - 0.5 ? [other, first] : [first, other];
  return [given('mu', mu), given('log_var', logVar), ...rest];
};

const byOption = (outputs: readonly TrialOutput[], told: Told, encoder: string): Recognised[] => {
  const names = outputs.map(({ name }) => name);
  const roles = ROLES.filter((role) => role !== 'image' && told[role] !== undefined);
  const unknown = roles.filter((role) => !names.includes(told[role]!));
  if (unknown.length > 0) {
    const lines = unknown.map((role) => {
      const name = told[role]!;
      return `--outputs ${role}=${name}: expected an output of ${encoder}, which gives ${listed(outputs)}${didYouMean(name, names)}`;
    });
    throw new InputError(lines.join('\n'));
  }
  return roles.map((role) => ({ role, name: told[role]!, by: 'option' as const }));
};

/** Whether these are posteriors, or draws alone. */
const isEnough = (found: readonly Recognised[]): boolean => {
  const has = (role: Role): boolean => found.some((each) => each.role === role);
  return has('moments') || (has('mu') && found.some(({ role }) => isScale(role)));
};

/**
 * The roles of an encoder's outputs: as told, else by their names, else by size, sign and mean. A draw z is taken along
 * beside posteriors, for what it tells of them; alone it is what is audited.
 *
 * Throws: InputError, with all outputs, where they cannot be told.
 */
export const recogniseOutputs = (
  outputs: readonly TrialOutput[],
  { told, latents, encoder }: { readonly told: Told; readonly latents: number | undefined; readonly encoder: string },
): readonly Recognised[] => {
  const options = byOption(outputs, told, encoder);
  if (options.length > 0) {
    const draw = byNames(
      outputs.filter(({ name }) => !options.some((each) => each.name === name)),
      encoder,
    );
    const z = isEnough(options) ? draw.filter(({ role }) => role === 'z') : [];
    return checked([...options, ...z], outputs, encoder);
  }
  const named = byNames(outputs, encoder);
  if (isEnough(named)) return checked(named, outputs, encoder);
  const alone = named.find(({ role }) => role === 'z' || role === 'mu');
  if (alone && outputs.length === 1) return [{ ...alone, role: 'z' }];
  const concluded = byValues(outputs, latents);
  // A name says more than values do, where it says anything.
  const merged = concluded.map((each) => named.find(({ name }) => name === each.name) ?? each);
  if (isEnough(merged)) return checked(merged, outputs, encoder);
  if (isEnough(concluded) || concluded[0]?.role === 'z') return checked(concluded, outputs, encoder);
  const draw = named.find(({ role }) => role === 'z');
  if (draw) return [draw];
  throw new InputError(
    `${encoder}: expected outputs that can be told for mu and a scale, or for z, got ${listed(outputs)}; say --outputs mu=NAME,log_var=NAME`,
  );
};

/** Throws where roles of one posterior have other sizes. */
const checked = (
  found: readonly Recognised[],
  outputs: readonly TrialOutput[],
  encoder: string,
): readonly Recognised[] => {
  const rowOf = (name: string): string => outputs.find((output) => output.name === name)!.row.join(', ');
  const main = found.find(({ role }) => role === 'mu') ?? found[0]!;
  const kept = found.filter(({ role, name }) => role !== 'z' || main.role !== 'mu' || rowOf(name) === rowOf(main.name));
  const other = kept.find(({ role, name }) => isScale(role) && rowOf(name) !== rowOf(main.name));
  if (!other) return kept;
  throw new InputError(
    `${encoder}: expected ${other.role} of [n, ${rowOf(main.name)}] as ${main.name} has, got ${other.name} [n, ${rowOf(other.name)}]`,
  );
};
