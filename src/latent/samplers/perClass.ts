import { InputError } from '../../engine/errors/index.js';
import { constant, gather, greater, slice, type Tensor, where } from '../../engine/graph/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import { chooseComponent } from './chooseComponent.js';
import { logSumExp } from './gaussianMixture/joint.js';
import { codesAt, requireTrainingCodes } from './plainFamily.js';
import type { FitOptions, Sampler, SamplerFamily, SavedSampler, TrainingCodes } from './sampler.js';
import { nestedIn, nestedSettings, savedArray } from './saved.js';

/** A sampler that knows classes: z of a class chosen by its share, or of one that is given. */
export interface ClassSampler extends Sampler {
  /** Labels, ascending. */
  readonly classes: readonly number[];
  /** Share of the training codes of each class. */
  readonly shares: readonly number[];
  /** Throws: InputError for a label that is none of the classes. */
  ofClass(label: number): Sampler;
  /**
   * z of given classes, out of the same noise as `toGraph`, whose first column then says nothing.
   * Shapes: noise [n, d], position of the class in `classes` [n], int64 -> [n, D].
   */
  toClassGraph(noise: Tensor, position: Tensor): Tensor;
}

export interface ClassSamplerFamily extends SamplerFamily {
  fit(codes: TrainingCodes, options: FitOptions): Promise<ClassSampler>;
  load(saved: SavedSampler, runtime: Runtime): ClassSampler;
}

/**
 * A sampler of the family for each class.
 *
 *   q̂(z) = Σ_c s_c q̂_c(z),  s_c the share of class c
 *
 * Throws: InputError for codes without labels, and, with the class named, what fitting one of them throws.
 */
export const perClassFamily = (family: SamplerFamily): ClassSamplerFamily => {
  const name = `per-class-${family.name}`;
  return {
    name,
    complexity: family.complexity + 0.5,
    fit: async (codes, options) => {
      requireTrainingCodes(name, codes, 1);
      const rows = rowsByClass(name, codes);
      const held = options.heldOut?.labels ? rowsByClass(name, options.heldOut) : undefined;
      const members: Sampler[] = [];
      for (const [label, own] of rows) {
        const { heldOut: all, onProgress, ...rest } = options;
        const others = held?.get(label);
        const done = members.length;
        const fitted = family.fit(codesAt(codes, own), {
          ...rest,
          ...(all && others && { heldOut: codesAt(all, others) }),
          ...(onProgress && { onProgress: (share: number) => onProgress((done + share) / rows.size) }),
        });
        members.push(await fitted.catch((error: unknown) => refuse(name, label, error)));
      }
      const counts = [...rows.values()].map((own) => own.length);
      return classSampler(name, [...rows.keys()], counts, members);
    },
    load: (saved, runtime) => {
      const labels = saved.settings.classes;
      if (!Array.isArray(labels)) throw new InputError(`${name}: classes: expected labels, got ${labels}`);
      const counts = savedArray(saved, 'counts', labels.length);
      const members = labels.map((label: number) => family.load(nestedIn(saved, prefixOf(label)), runtime));
      return classSampler(name, labels, [...counts], members);
    },
  };
};

const refuse = (name: string, label: number, error: unknown): never => {
  throw error instanceof InputError ? new InputError(`${name}: class ${label}: ${error.message}`) : error;
};

const rowsByClass = (name: string, { labels, n }: TrainingCodes): Map<number, number[]> => {
  if (labels === undefined) throw new InputError(`${name}: expected codes with labels, got none`);
  if (labels.length !== n) throw new InputError(`${name}: expected ${n} labels, got ${labels.length}`);
  const rows = new Map<number, number[]>();
  for (const label of [...new Set(Array.from(labels))].sort((a, b) => a - b)) rows.set(label, []);
  for (let row = 0; row < n; row++) rows.get(labels[row]!)!.push(row);
  return rows;
};

const classSampler = (
  family: string,
  classes: readonly number[],
  counts: readonly number[],
  members: readonly Sampler[],
): ClassSampler => {
  const [first] = members as [Sampler];
  const { latents } = first;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = counts.map((count) => count / total);
  const noise = 1 + members.reduce((most, member) => Math.max(most, member.noise), 0);
  const scores = members.flatMap(({ logProb }) => (logProb ? [logProb] : []));
  const toClassGraph: ClassSampler['toClassGraph'] = (values, position) => {
    const places = constant(Array.from(classes.keys()), [classes.length, 1]);
    const place = gather(places, position);
    // Each class draws from the same columns; a row keeps the draw of its own class.
    return members.reduce<Tensor | undefined>((chosen, member, c) => {
      const own = member.toGraph(slice(values, 1, 1, 1 + member.noise));
      return chosen ? where(greater(place, c - 0.5), own, chosen) : own;
    }, undefined)!;
  };
  return {
    name: `${first.name} for each of ${classes.length} classes`,
    family,
    latents,
    noise,
    classes,
    shares,
    replays: members.some(({ replays }) => replays),
    notes: members.flatMap(({ notes }, c) => notes.map((note) => `class ${classes[c]}: ${note}`)),
    facts: { classes: classes.length },
    toGraph: (values) => toClassGraph(values, chooseComponent(slice(values, 1, 0, 1), shares)),
    toClassGraph,
    ofClass: (label) => {
      const member = members[classes.indexOf(label)];
      if (member) return member;
      throw new InputError(`${family}: class: expected one of ${classes.join(', ')}, got ${label}`);
    },
    ...(scores.length === members.length && { logProb: mixtureOf(scores, shares) }),
    save: () => savedMembers(family, classes, counts, members),
  };
};

const mixtureOf =
  (scores: readonly NonNullable<Sampler['logProb']>[], shares: readonly number[]): NonNullable<Sampler['logProb']> =>
  async (z) => {
    const values: Float64Array[] = [];
    for (const score of scores) values.push(await score(z));
    const joint = new Float64Array(shares.length);
    return values[0]!.map((_, row) => {
      for (let c = 0; c < joint.length; c++) joint[c] = Math.log(shares[c]!) + values[c]![row]!;
      return logSumExp(joint);
    });
  };

/** Settings and arrays of the members, each under the label of its class. */
const savedMembers = (
  family: string,
  classes: readonly number[],
  counts: readonly number[],
  members: readonly Sampler[],
): SavedSampler => {
  const nested = members.map((member, c) => nestedSettings(member.save(), prefixOf(classes[c]!)));
  return {
    family,
    latents: members[0]!.latents,
    settings: Object.assign({ classes }, ...nested.map(({ settings }) => settings)),
    arrays: Object.assign(
      { counts: { shape: [counts.length], data: Float32Array.from(counts) } },
      ...nested.map(({ arrays }) => arrays),
    ),
  };
};

const prefixOf = (label: number): string => `class.${label}.`;
