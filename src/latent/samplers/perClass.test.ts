import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { codesOf, meanOf, normals } from '../../../test/support/latentCodes.js';
import { InputError } from '../../engine/errors/index.js';
import { constant, input } from '../../engine/graph/index.js';
import { evaluate } from '../../engine/interpreter/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { aggregatePosteriorFamily } from './aggregatePosterior.js';
import { drawSamples, noiseOf } from './draw.js';
import { fullGaussianFamily } from './fullGaussianSampler.js';
import { familyNamed } from './index.js';
import { perClassFamily } from './perClass.js';

const runtime = nodeRuntime();
const options = { seed: 1, runtime };
/** Classes 2, 5 and 7 around −4, 0 and 4; half of the codes are of class 5. */
const LABELS = [5, 2, 5, 7];
const centreOf = (label: number): number => ({ 2: -4, 5: 0, 7: 4 })[label]!;
const labels = Int32Array.from({ length: 800 }, (_, row) => LABELS[row % 4]!);
const codes = {
  ...codesOf(
    normals(1600, 'classes').map((v, i) => v + centreOf(labels[i >> 1]!)),
    2,
  ),
  labels,
};
const family = perClassFamily(fullGaussianFamily());
const sampler = await family.fit(codes, options);

describe('a sampler for each class', () => {
  it('knows the classes and their shares', () => {
    expect(sampler.name).toBe('full Gaussian for each of 3 classes');
    expect(sampler.classes).toEqual([2, 5, 7]);
    expect(sampler.shares).toEqual([0.25, 0.5, 0.25]);
    expect(sampler.noise).toBe(3);
  });

  it('has the density of the classes by their shares', async () => {
    const z = normals(80, 'points').map((v) => 3 * v);
    const parts = await Promise.all(sampler.classes.map((label) => sampler.ofClass(label).logProb!(z)));
    const expected = parts[0]!.map((_, i) =>
      Math.log(parts.reduce((sum, part, c) => sum + sampler.shares[c]! * Math.exp(part[i]!), 0)),
    );
    expectClose(await sampler.logProb!(z), expected, { absolute: 1e-9, relative: 1e-9 });
  });

  it('draws one class when asked, and each by its share when not', async () => {
    for (const label of sampler.classes) {
      const first = (await drawSamples(sampler.ofClass(label), 400, 1, runtime)).filter((_, i) => i % 2 === 0);
      const found = meanOf(first);
      const known = Math.sqrt(1 / 200); // of the class's own codes
      expect(Math.abs(found.value - centreOf(label))).toBeLessThan(4 * Math.hypot(found.se, known));
    }
    const all = (await drawSamples(sampler, 4000, 2, runtime)).filter((_, i) => i % 2 === 0);
    const right = all.filter((value) => value > 2).length / 4000;
    // Φ(2) of class 7 lies above 2, and 1 − Φ(2) of class 5
    expect(Math.abs(right - (0.25 * 0.97725 + 0.5 * 0.02275))).toBeLessThan(0.04);
  });

  it('draws given classes in one graph', () => {
    const noise = noiseOf(6, 3, 1);
    const graph = (positions: readonly number[]) =>
      evaluate([sampler.toClassGraph(input('noise', [6, 3]), constant(positions, [6], 'int64'))], { noise })[0]!;
    const mixed = graph([0, 1, 2, 0, 1, 2]);
    for (let row = 0; row < 6; row++) {
      const own = graph(new Array<number>(6).fill(row % 3));
      expect([...mixed.subarray(2 * row, 2 * row + 2)]).toEqual([...own.subarray(2 * row, 2 * row + 2)]);
    }
  });

  it('takes classes of samplers that differ in their noise', async () => {
    const mixed = perClassFamily({
      ...fullGaussianFamily(),
      fit: (some, settings) =>
        some.labels![0] === 5 ? familyNamed('mixture-2').fit(some, settings) : fullGaussianFamily().fit(some, settings),
    });
    const fitted = await mixed.fit(codes, options);
    expect(fitted.noise).toBe(4);
    expect((await drawSamples(fitted, 10, 1, runtime)).every(Number.isFinite)).toBe(true);
  });

  it('hands the held-out codes of a class to its sampler, and tells progress over all', async () => {
    const seen: (number | undefined)[] = [];
    const shares: number[] = [];
    const watching = perClassFamily({
      ...fullGaussianFamily(),
      fit: (some, settings) => {
        seen.push(settings.heldOut?.n);
        return fullGaussianFamily().fit(some, settings);
      },
    });
    const heldOut = { ...codes, labels: labels.map((label) => (label === 7 ? 5 : label)) };
    await watching.fit(codes, { ...options, heldOut, onProgress: (share) => shares.push(share) });
    expect(seen).toEqual([200, 600, undefined]);
    expectClose(shares, [1 / 3, 2 / 3, 1], { absolute: 1e-12 });
  });

  it('replays what its samplers replay', async () => {
    const posteriors = { ...codes, sigma: new Float32Array(1600).fill(0.1) };
    expect((await perClassFamily(aggregatePosteriorFamily()).fit(posteriors, options)).replays).toBe(true);
    expect(sampler.replays).toBe(false);
  });

  it('refuses codes without labels, classes of too few codes, and labels that are none', async () => {
    const { labels: _, ...bare } = codes;
    await expect(family.fit(bare, options)).rejects.toThrow(
      new InputError('per-class-full-gaussian: expected codes with labels, got none'),
    );
    await expect(family.fit({ ...codes, labels: [1] }, options)).rejects.toThrow(
      new InputError('per-class-full-gaussian: expected 800 labels, got 1'),
    );
    const lonely = labels.slice();
    lonely[3] = 9;
    await expect(family.fit({ ...codes, labels: lonely }, options)).rejects.toThrow(
      new InputError('per-class-full-gaussian: class 9: full-gaussian: expected at least 2 codes, got 1'),
    );
    expect(() => sampler.ofClass(3)).toThrow(
      new InputError('per-class-full-gaussian: class: expected one of 2, 5, 7, got 3'),
    );
  });
});
