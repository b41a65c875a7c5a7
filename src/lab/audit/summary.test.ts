import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clusters, smallAudit } from '../../../test/support/smallAudit.js';
import type { AuditResult } from '../../latent/audit/index.js';
import { statedMeasures } from '../../latent/audit/index.js';
import { auditJson, auditSchema } from './schema.js';
import { terminalSummary, wrapped } from './summary.js';

let result: AuditResult;
let alone: AuditResult;
beforeAll(async () => {
  result = await smallAudit({ labels: Array.from({ length: 200 }, (_, i) => i % 2) });
  alone = await smallAudit({ train: { z: clusters(200, 2, 4).mu, n: 200, latents: 2 } });
});

describe('the terminal summary', () => {
  it('has the verdict first, then three reasons with numbers, then what to sample from', () => {
    const lines = terminalSummary(result, { columns: 80, colour: false }).split('\n');
    expect(lines[0]).toMatch(/^MISMATCHED {2}The codes do not live where N\(0, I\) does/);
    expect(lines.filter((line) => /^ {2}[123]\. .*/.test(line))).toHaveLength(3);
    expect(lines.find((line) => line.startsWith('rate'))).toMatch(/nats = .* information \+ /);
    expect(lines.find((line) => line.startsWith('sample from'))).toContain(result.sampleFrom.slice(0, 10));
    expect(lines.find((line) => line.startsWith('note'))).toContain('No held-out codes were given');
    for (const line of lines) expect(line.length).toBeLessThan(80);
  });

  it('is short, and in colour where that is wanted', () => {
    const text = terminalSummary(result, { columns: 100, colour: true });
    expect(text).toContain('\u001b[1;31mMISMATCHED\u001b[0m');
    expect(text.split('\n').length).toBeLessThan(24);
  });

  it('says what draws alone cannot tell', () => {
    expect(terminalSummary(alone, { columns: 100, colour: false })).toContain(
      'from z alone a collapse cannot be excluded',
    );
  });

  it('wraps words, never within one', () => {
    expect(wrapped('one two three', 9, '- ', '  ')).toBe('- one two\n  three');
    expect(wrapped('unbreakable', 4, '', '')).toBe('unbreakable');
  });
});

describe('audit.json', () => {
  it('has the schema that is documented', () => {
    for (const each of [result, alone])
      expect(auditSchema.parse(JSON.parse(auditJson(each)))).toEqual(statedMeasures(each));
    expect(auditSchema.safeParse({ ...result, more: 1 }).success).toBe(false);
  });

  it('has lists of numbers on one line', () => {
    const text = auditJson(result);
    expect(text).toMatch(/"spectrum": \[\d[^\n]*\]/);
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('is documented key by key', () => {
    const docs = readFileSync(new URL('../../../docs/audit.md', import.meta.url), 'utf8');
    const keys = new Set<string>();
    const collect = (schema: unknown): void => {
      if (Array.isArray(schema)) for (const each of schema) collect(each);
      else if (schema !== null && typeof schema === 'object') {
        for (const [key, value] of Object.entries(schema)) {
          if (key === 'properties') for (const name of Object.keys(value as object)) keys.add(name);
          collect(value);
        }
      }
    };
    collect(z.toJSONSchema(auditSchema));
    expect(keys.size).toBeGreaterThan(70);
    expect([...keys].filter((key) => !docs.includes(`\`${key}\``))).toEqual([]);
  });
});
