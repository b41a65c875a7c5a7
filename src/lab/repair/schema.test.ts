import { beforeAll, describe, expect, it } from 'vitest';
import { smallRepair } from '../../../test/support/smallRepair.js';
import { InputError } from '../../engine/errors/index.js';
import { statedMeasures } from '../../latent/audit/index.js';
import type { RepairResult } from '../../latent/repair/index.js';
import { parseRepair, repairJson } from './schema.js';

describe('the schema of repair.json', () => {
  let result: RepairResult;
  beforeAll(async () => {
    ({ result } = await smallRepair());
  });
  const changed = (changes: object): unknown => ({ ...JSON.parse(repairJson(result)), ...changes });

  it('holds what a repair with a decoder finds, and gives it back', () => {
    expect(result.samplers[1]!.iwae).toBeDefined();
    expect(result.attribution).toBeDefined();
    expect(parseRepair(JSON.parse(repairJson(result)), 'repair.json')).toEqual(
      JSON.parse(JSON.stringify(statedMeasures(result))),
    );
  });

  it('names what is wrong, with its place', () => {
    const wrong = changed({ alpha: 'small', samplers: [{ ...result.samplers[0], name: 1 }], more: 1 });
    expect(() => parseRepair(wrong, 'a/repair.json')).toThrow(InputError);
    expect(() => parseRepair(wrong, 'a/repair.json')).toThrow('a/repair.json: alpha: expected number, got "small"');
    expect(() => parseRepair(wrong, 'a/repair.json')).toThrow('a/repair.json: samplers.0.name: expected string, got 1');
    expect(() => parseRepair(wrong, 'a/repair.json')).toThrow('a/repair.json: content: unknown key more');
  });

  it('tells another kind or version by that alone', () => {
    const message = (content: unknown): string => {
      try {
        parseRepair(content, 'repair.json');
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(message({ schema: 1, kind: 'audit' })).toBe('repair.json: kind: expected "repair", got "audit"');
    expect(message(changed({ schema: 2 }))).toBe('repair.json: schema: expected 1, got 2');
    expect(message(changed({ chosen: 'maf' }))).toBe(
      'repair.json: chosen: expected one of the samplers (prior, full-gaussian, mixture-4), got maf',
    );
    expect(message([])).toMatch(/^repair.json: content: expected object, got \[\]$/);
  });
});
