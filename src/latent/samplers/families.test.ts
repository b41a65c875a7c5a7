import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { familiesOf, familyNamed, fastFamilies, loadSampler, samplerFamilies } from './families.js';

describe('families of samplers', () => {
  it('have names of their own, the simplest first', () => {
    expect(new Set(samplerFamilies.map(({ name }) => name)).size).toBe(samplerFamilies.length);
    expect(samplerFamilies[0]!.name).toBe('prior');
    const complexities = samplerFamilies.map(({ complexity }) => complexity);
    expect(complexities).toEqual(complexities.toSorted((a, b) => a - b));
  });

  it('are listed by name, once each, or many at a time', () => {
    const names = (list: string): string[] => familiesOf(list).map(({ name }) => name);
    expect(names('mixture, prior,mixture')).toEqual(['mixture', 'prior']);
    expect(names('fast')).toEqual(fastFamilies.map(({ name }) => name));
    expect(names('fast,maf').at(-1)).toBe('maf');
    expect(names('all')).toHaveLength(samplerFamilies.length);
  });

  it('take a number of components, and a class each', () => {
    for (const name of ['mixture-7', 'mixture-diagonal-200', 'per-class-prior', 'per-class-mixture-3']) {
      expect(familyNamed(name).name).toBe(name);
    }
  });

  it.each([
    ['mixtur', ' (did you mean "mixture"?)'],
    ['mixture-0', ' (did you mean "mixture"?)'],
    ['mixture-201', ''],
    ['flow', ''],
    ['per-class-per-class-prior', ''],
    ['', ''],
  ])('refuse the name "%s"', (name, hint) => {
    expect(() => familyNamed(name)).toThrow(InputError);
    expect(() => familyNamed(name)).toThrow(`got "${name}"${hint}`);
  });

  it('refuse a file of no family, and one that lacks what its family needs', () => {
    const saved = { family: 'prior', latents: 2, settings: {}, arrays: {} };
    const runtime = nodeRuntime();
    expect(() => loadSampler({ ...saved, family: 'priro' }, runtime)).toThrow(/got "priro" \(did you mean "prior"\?\)/);
    expect(() => loadSampler(saved, runtime)).toThrow(
      new InputError('prior: covariance: expected full or diagonal, got undefined'),
    );
    const one = { shape: [1], data: Float32Array.of(1) };
    const broken = {
      ...saved,
      settings: { covariance: 'diagonal' },
      arrays: { weights: one, means: one, factors: one },
    };
    expect(() => loadSampler(broken, runtime)).toThrow(new InputError('prior: means: expected 2 values, got 1'));
  });
});
