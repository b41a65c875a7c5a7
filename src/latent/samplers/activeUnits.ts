import { InputError, ShapeError } from '../../engine/errors/index.js';
import { add, concat, constant, matmul, mul, split, type Tensor } from '../../engine/graph/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import { ACTIVE, muVariances } from '../audit/activeUnits.js';
import { requireTrainingCodes } from './plainFamily.js';
import type { Sampler, SamplerFamily, SavedSampler, TrainingCodes } from './sampler.js';
import { nestedIn, nestedSettings, savedArray } from './saved.js';

const INNER = 'active.';

/** Some columns of rows of D values. Shapes: [n, D] -> [n, A]. */
const columnsAt = (values: Float32Array, latents: number, columns: readonly number[]): Float32Array => {
  const n = values.length / latents;
  if (!Number.isInteger(n)) {
    throw new ShapeError(`active units: expected rows of ${latents} values, got ${values.length} values`);
  }
  const out = new Float32Array(n * columns.length);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < columns.length; a++) out[i * columns.length + a] = values[i * latents + columns[a]!]!;
  }
  return out;
};

const activeCodes = (codes: TrainingCodes, active: readonly number[]): TrainingCodes => {
  const { mu, sigma, latents } = codes;
  const part = { mu: columnsAt(mu, latents, active), sigma: columnsAt(sigma, latents, active) };
  return { ...codes, ...part, latents: active.length };
};

/** Mean and standard deviation of the aggregate posterior in each dimension that is not active; 0 elsewhere. */
const idleMoments = ({ mu, sigma, n, latents }: TrainingCodes, idle: ReadonlySet<number>) => {
  const [means, spreads] = [new Float32Array(latents), new Float32Array(latents)];
  for (const d of idle) {
    let [mean, square] = [0, 0];
    for (let i = d; i < mu.length; i += latents) {
      mean += mu[i]! / n;
      square += (mu[i]! ** 2 + sigma[i]! ** 2) / n;
    }
    means[d] = mean;
    spreads[d] = Math.sqrt(square - mean ** 2);
  }
  return { means, spreads };
};

/**
 * A sampler of the active units, and a diagonal Gaussian of the others: where few of many dimensions tell of the image,
 * their joint law takes few parameters.
 *
 *   q̂(z) = q̂_A(z_A) Π_{d ∉ A} N(z_d; m_d, s_d²),  A = {d : Var_i(μ_id) > 0.01}
 *
 * Noise: what q̂_A takes beside its own dimensions comes first, then one value a dimension of z, in their order.
 *
 * Throws: InputError where no unit is active, or every one is: then it is the family itself.
 * Source: active units: Burda et al. 2015, arXiv:1509.00519.
 */
export const activeUnitsFamily = (family: SamplerFamily): SamplerFamily => {
  const name = `active-${family.name}`;
  const load: SamplerFamily['load'] = (saved, runtime) => activeSampler(name, saved, family, runtime);
  return {
    name,
    // Fewer parameters than the same family of all dimensions.
    complexity: family.complexity - 0.25,
    fit: async (codes, options) => {
      requireTrainingCodes(name, codes, 2);
      const { latents } = codes;
      const active = muVariances(codes).flatMap(({ value }, d) => (value > ACTIVE ? [d] : []));
      if (active.length === 0 || active.length === latents) {
        const found = active.length === 0 ? 'none' : 'every one';
        throw new InputError(`${name}: expected some of ${latents} units to be active, got ${found}`);
      }
      const { heldOut } = options;
      const own = { ...options, ...(heldOut && { heldOut: activeCodes(heldOut, active) }) };
      const inner = (await family.fit(activeCodes(codes, active), own)).save();
      const idle = new Set(Array.from({ length: latents }, (_, d) => d).filter((d) => !active.includes(d)));
      const { means, spreads } = idleMoments(codes, idle);
      const nested = nestedSettings(inner, INNER);
      return load(
        {
          family: name,
          latents,
          settings: { ...nested.settings, active },
          arrays: {
            ...nested.arrays,
            means: { shape: [latents], data: means },
            spreads: { shape: [latents], data: spreads },
          },
        },
        options.runtime,
      );
    },
    load,
  };
};

const activeSampler = (name: string, saved: SavedSampler, family: SamplerFamily, runtime: Runtime): Sampler => {
  const { latents, settings } = saved;
  const { active } = settings;
  if (!Array.isArray(active)) throw new InputError(`${name}: active: expected dimensions, got ${active}`);
  const columns: readonly number[] = active;
  const inner = family.load({ ...nestedIn(saved, INNER), latents: columns.length }, runtime);
  const [means, spreads] = [savedArray(saved, 'means', latents), savedArray(saved, 'spreads', latents)];
  const idle = Array.from({ length: latents }, (_, d) => d).filter((d) => !columns.includes(d));
  const extra = inner.noise - inner.latents;
  if (extra < 0) throw new InputError(`${name}: expected a sampler with a noise value a dimension, got ${inner.noise}`);

  /** Columns of z to columns of z_A, as a product. */
  const places = (): Tensor =>
    constant(
      Array.from({ length: latents * columns.length }, (_, i) =>
        columns[i % columns.length] === Math.floor(i / columns.length) ? 1 : 0,
      ),
      [latents, columns.length],
    );
  const toGraph = (noise: Tensor): Tensor => {
    const [first, each] = extra > 0 ? (split(noise, 1, [extra, latents]) as [Tensor, Tensor]) : [undefined, noise];
    const own = matmul(each, places());
    const z = inner.toGraph(first ? concat([first, own], 1) : own);
    const others = add(mul(each, constant([...spreads], [latents])), constant([...means], [latents]));
    return add(matmul(z, places(), { transB: true }), others);
  };

  const { logProb } = inner;
  const constantTerm = idle.reduce((sum, d) => sum + Math.log(spreads[d]!), 0.5 * idle.length * Math.log(2 * Math.PI));
  const density = logProb && {
    logProb: async (z: Float32Array): Promise<Float64Array> => {
      const values = await logProb(columnsAt(z, latents, columns));
      return values.map((value, i) => {
        const squares = idle.reduce((sum, d) => sum + ((z[i * latents + d]! - means[d]!) / spreads[d]!) ** 2, 0);
        return value - 0.5 * squares - constantTerm;
      });
    },
  };
  return {
    name: `${inner.name} of ${columns.length} active units, ${idle.length} others apart`,
    family: name,
    latents,
    noise: extra + latents,
    replays: inner.replays,
    notes: inner.notes,
    facts: { ...inner.facts, active: columns.length },
    toGraph,
    ...density,
    save: () => saved,
  };
};
