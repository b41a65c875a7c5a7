import { describe, expect, it } from 'vitest';
import { InputError, ShapeError } from '../../src/engine/errors/index.js';
import { float32 } from '../../src/engine/runtime/index.js';
import { nodeRuntime } from '../../src/engine/runtime/node.js';
import { energyKernel } from '../../src/latent/audit/twoSample/energyDistance.js';
import { exchanged, pairedStatistic } from '../../src/latent/audit/twoSample/exchange.js';
import { activeUnitsFamily } from '../../src/latent/samplers/activeUnits.js';
import { latentDiffusionFamily } from '../../src/latent/samplers/diffusion/index.js';
import { maskedAutoregressiveFamily, realNvpFamily } from '../../src/latent/samplers/flows/index.js';
import {
  drawSamples,
  familyNamed,
  loadSampler,
  noiseOf,
  perClassFamily,
  type Sampler,
  type SamplerFamily,
  samplerFamilies,
  samplerOnnx,
} from '../../src/latent/samplers/index.js';
import { mixtureFamily } from '../../src/latent/samplers/mixtureSampler.js';
import { secondVaeFamily } from '../../src/latent/samplers/secondVae/index.js';
import { expectClose } from '../support/close.js';
import { gaussianTarget, momentColumns, type Target } from '../support/gaussianTargets.js';
import { interpreted, meanOf } from '../support/latentCodes.js';
import { runModel } from '../support/onnxValues.js';

const runtime = nodeRuntime();
const options = { seed: 1, runtime };
const N = 2000;

const unit = Math.sqrt(0.75);
const standard = gaussianTarget([[0, 0]], [unit, 0, unit]);
const scaled = gaussianTarget([[0, 0]], [1.6, 0, 1.6]);
const diagonal = gaussianTarget([[1, -2]], [1.5, 0, 0.5]);
const full = gaussianTarget([[1, -2]], [1.5, -0.8, 0.6]);
const means = [
  [-2, 0],
  [1.5, 1],
] as const;
const twoDiagonal = gaussianTarget(means, [0.7, 0, 0.9]);
/** The second dimension tells next to nothing of the row. */
const oneActive = gaussianTarget(
  [
    [-2, 0],
    [1.5, 0],
  ],
  [0.7, 0, 0.05],
);
const two = gaussianTarget(means, [0.7, 0.5, 0.6]);

interface Case {
  /** The family, made small enough to be fitted in a second. */
  readonly family: SamplerFamily;
  /** A law that the family can represent. */
  readonly target: Target;
  readonly replays?: true;
  readonly density?: false;
  readonly leastLatents?: 2;
  /** How far moments may be off beside their errors: smoothing, or training that is cut short. */
  readonly slack?: number;
  /** What the fit may give up against the target on fresh codes, nats. */
  readonly loss?: number;
}

const schedule = { batch: 256, rate: 5e-3, epochs: 1, steps: [400, 400] } as const;
const mixture = (name: string, covariance: 'full' | 'diagonal', components: number | readonly number[]) =>
  mixtureFamily({ name, complexity: 10, covariance, components, starts: 2 });

const cases: Readonly<Record<string, Case>> = {
  prior: { family: familyNamed('prior'), target: standard, loss: 1e-6 },
  'scaled-prior': { family: familyNamed('scaled-prior'), target: scaled, loss: 0.01 },
  'diagonal-gaussian': { family: familyNamed('diagonal-gaussian'), target: diagonal, loss: 0.01 },
  'full-gaussian': { family: familyNamed('full-gaussian'), target: full, loss: 0.01 },
  'per-class-full-gaussian': { family: familyNamed('per-class-full-gaussian'), target: two, loss: 0.02 },
  'mixture-diagonal': { family: mixture('mixture-diagonal', 'diagonal', 2), target: twoDiagonal, loss: 0.02 },
  mixture: { family: mixture('mixture', 'full', 2), target: two, loss: 0.02 },
  'active-mixture': {
    family: activeUnitsFamily(mixture('mixture', 'full', 2)),
    target: oneActive,
    leastLatents: 2,
    loss: 0.02,
  },
  'mixture-chosen': { family: mixture('mixture-chosen', 'full', [1, 2, 3]), target: two, loss: 0.03 },
  'per-class-mixture-10': { family: perClassFamily(mixture('mixture-10', 'full', 2)), target: two, loss: 0.03 },
  'kernel-density': { family: familyNamed('kernel-density'), target: two, replays: true, slack: 0.1, loss: 0.1 },
  'medoid-posteriors': { family: familyNamed('medoid-posteriors'), target: two, replays: true, slack: 0.1, loss: 0.1 },
  'aggregate-posterior': { family: familyNamed('aggregate-posterior'), target: two, replays: true, loss: 0.02 },
  realnvp: {
    family: realNvpFamily({ architecture: { couplings: 6, hidden: 32 }, schedule }),
    target: two,
    leastLatents: 2,
    slack: 0.1,
    loss: 0.1,
  },
  maf: {
    // Of one dimension it is one Gaussian, which the target is not.
    family: maskedAutoregressiveFamily({ architecture: { blocks: 4, hidden: 32 }, schedule }),
    target: two,
    leastLatents: 2,
    slack: 0.1,
    loss: 0.1,
  },
  'second-vae': {
    family: secondVaeFamily({ architecture: { hidden: 32 }, schedule }),
    target: two,
    density: false,
    slack: 0.2,
  },
  diffusion: {
    family: latentDiffusionFamily({ architecture: { hidden: 64, drawSteps: 12 }, schedule }),
    target: two,
    density: false,
    slack: 0.2,
  },
};

it('every registered family is held to the contract', () => {
  expect(Object.keys(cases).sort()).toEqual(samplerFamilies.map(({ name }) => name).sort());
});

/** Points of an even grid in each dimension, and the volume of a cell. */
const grid = (latents: number): { readonly z: Float32Array; readonly cell: number } => {
  const step = latents === 1 ? 0.02 : 0.1;
  const side = Math.round(18 / step);
  const z = new Float32Array(side ** latents * latents);
  for (let row = 0; row < z.length / latents; row++) {
    z[row * latents] = -9 + step * (row % side);
    if (latents === 2) z[row * 2 + 1] = -9 + step * Math.floor(row / side);
  }
  return { z, cell: step ** latents };
};

/** Each family is fitted once a number of latents. */
const fits = new Map<string, Promise<Sampler>>();
const fitted = (name: string, latents: number): Promise<Sampler> => {
  const { family, target } = cases[name]!;
  const key = `${name}/${latents}`;
  const known = fits.get(key) ?? family.fit(target.codes(N, latents), options);
  fits.set(key, known);
  return known;
};

describe.each(Object.entries(cases))('%s', (name, { family, target, replays, density, leastLatents, slack, loss }) => {
  it('says what it is', async () => {
    const sampler = await fitted(name, 2);
    expect(family.name).toBe(name);
    expect(sampler).toMatchObject({ family: name, latents: 2, replays: replays ?? false, notes: [] });
    expect(sampler.name.length).toBeGreaterThan(5);
    expect(sampler.logProb !== undefined).toBe(density ?? true);
  });

  describe.each(leastLatents ? [2] : [1, 2])('of %i dimensions', (latents) => {
    it('draws what it was fitted to: moments and two-sample test', async () => {
      const sampler = await fitted(name, latents);
      const draws = await drawSamples(sampler, 4000, 2, runtime);
      const known = momentColumns(target.draw(N, latents, 3), latents).map(meanOf);
      const exact = target.moments(latents);
      momentColumns(draws, latents).forEach((column, i) => {
        const own = meanOf(column);
        const room = 4 * Math.hypot(own.se, known[i]!.se) + (slack ?? 0) * Math.max(1, Math.abs(exact[i]!));
        expect(Math.abs(own.value - exact[i]!)).toBeLessThan(room);
      });
      const rows = (z: Float32Array) => ({ z: z.subarray(0, 500 * latents), n: 500, latents });
      const [x, y] = [rows(draws), rows(target.draw(500, latents, 4))];
      const paired = pairedStatistic(x, y, energyKernel(x, y).kernel);
      const larger = exchanged(paired, 999, 5, 'test/exchange').filter((value) => value >= paired.value).length;
      expect(larger / 1000).toBeGreaterThan(0.002);
    });

    it.runIf(density ?? true)('has a density that integrates to one and comes near the target', async () => {
      const sampler = await fitted(name, latents);
      const { z, cell } = grid(latents);
      const total = (await sampler.logProb!(z)).reduce((sum, value) => sum + Math.exp(value) * cell, 0);
      expect(total).toBeCloseTo(1, 3);

      const fresh = target.draw(3000, latents, 6);
      const truth = target.logProb(fresh, latents);
      const behind = meanOf((await sampler.logProb!(fresh)).map((value, i) => truth[i]! - value));
      expect(behind.value).toBeGreaterThan(-4 * behind.se - 1e-6);
      expect(behind.value).toBeLessThan(loss!);
    });

    it.runIf(density ?? true)('draws from that density', async () => {
      const sampler = await fitted(name, latents);
      const draws = await drawSamples(sampler, 4000, 7, runtime);
      const values = await sampler.logProb!(draws);
      // E_q̂[g / q̂] = 1 for any density g that is narrow beside q̂.
      const narrow = 0.4;
      const ratios = values.map((value, row) => {
        let log = -latents * Math.log(narrow * Math.sqrt(2 * Math.PI));
        for (let d = 0; d < latents; d++) log -= 0.5 * ((draws[row * latents + d]! - target.centre[d]!) / narrow) ** 2;
        return Math.exp(log - value);
      });
      const ratio = meanOf(ratios);
      expect(Math.abs(ratio.value - 1)).toBeLessThan(4 * ratio.se);
    });
  });

  it('gives the same numbers from its file, from ONNX and from the interpreter', async () => {
    const sampler = await fitted(name, 2);
    const noise = noiseOf(300, sampler.noise, 8);
    const draws = await drawSamples(sampler, 300, 8, runtime);
    const { z } = await runModel(samplerOnnx(sampler), { noise: float32(noise, [300, sampler.noise]) });
    expect(Float32Array.from(z!)).toEqual(draws);
    expectClose(draws, interpreted(sampler, noise), { absolute: 2e-4, relative: 1e-4 }, 'draws');

    const saved = sampler.save();
    const kept = { ...saved, settings: JSON.parse(JSON.stringify(saved.settings)) };
    const again = (saved.family === family.name ? family : familyNamed(name)).load(kept, runtime);
    expect(await drawSamples(again, 300, 8, runtime)).toEqual(draws);
    expect(again).toMatchObject({ name: sampler.name, facts: sampler.facts, notes: sampler.notes });
    expect(again.save()).toEqual(saved);
    if (sampler.logProb) expect(await again.logProb!(draws)).toEqual(await sampler.logProb(draws));
  });

  it('gives the same bits for the same seed', async () => {
    const sampler = await fitted(name, 2);
    const again = await family.fit(target.codes(N, 2), options);
    expect(again.save()).toEqual(sampler.save());
    expect(await drawSamples(again, 20, 1, runtime)).toEqual(await drawSamples(sampler, 20, 1, runtime));
    expect(await drawSamples(again, 20, 2, runtime)).not.toEqual(await drawSamples(sampler, 20, 1, runtime));
    const first = await drawSamples(again, 30, 1, runtime);
    expectClose(first.subarray(0, 40), await drawSamples(again, 20, 1, runtime), { absolute: 1e-5 });
  });

  it('refuses too few codes, codes that are not finite, and parts of rows', async () => {
    const none = target.codes(1, 2);
    const empty = { ...none, n: 0, mu: new Float32Array(), sigma: new Float32Array(), labels: [] };
    const few = name === 'prior' || name === 'aggregate-posterior' ? empty : none;
    await expect(family.fit(few, options)).rejects.toThrow(InputError);
    await expect(family.fit(few, options)).rejects.toThrow(/expected .*, got /);
    const broken = target.codes(N, 2);
    broken.mu[7] = Number.NaN;
    await expect(family.fit(broken, options)).rejects.toThrow(InputError);
    const { logProb } = await fitted(name, 2);
    if (logProb) await expect(logProb(new Float32Array(3))).rejects.toThrow(ShapeError);
  });

  it('can be interrupted', async () => {
    const stop = () => {
      throw new Error('interrupted');
    };
    await expect(family.fit(target.codes(N, 2), { ...options, onProgress: stop })).rejects.toThrow('interrupted');
  });
});

it('a saved sampler finds its family', async () => {
  const sampler = await fitted('full-gaussian', 2);
  expect(loadSampler(sampler.save(), runtime).name).toBe('full Gaussian');
});
