import { expect, test } from 'vitest';
import { studyFixture } from '../../../test/support/reportFixture.js';
import type { Claim, Study } from '../studies/study.js';
import { claimsTable } from './claimsTable.js';

const claim = (id: string, verdict: Claim['verdict']): Claim => ({
  id,
  claim:
    'Training the encoder alone brings z closer to N(0, I) than the full ELBO does, whatever the estimator of the KL',
  measured: [
    { name: 'rate, joint − encoder-only', value: 19.42, half: 0.14, unit: 'nats', n: 3, of: 'seeds' },
    { name: 'draws', value: 1000, unit: 'draws' },
    { name: 'a third', value: 3, unit: '' },
  ],
  verdict,
  why: 'A small KL is no success.',
});

const study: Study = {
  ...studyFixture({ seeds: [1, 2, 3] }),
  claims: [claim('c', 'holds'), claim('g', 'cannot tell')],
};

test('tells the tally, then each claim with verdict, two numbers and the reason', () => {
  const [tally, , ...lines] = claimsTable(study, 100).split('\n');
  expect(tally).toBe('Of 2 claims 1 holds and 1 cannot be told.');
  expect(lines[0]).toMatch(/^c {2}holds {10}Training the encoder alone/);
  const text = lines.join('\n');
  expect(text).toContain('rate, joint − encoder-only 19.42 ± 0.14 nats (n = 3 seeds)');
  expect(text).not.toContain('a third');
  expect(text).toContain('A small KL is no success.');
});

test.each([20, 72, 300])('fits a terminal of %d columns, between 60 and 110', (columns) => {
  const width = Math.min(110, Math.max(60, columns));
  for (const line of claimsTable(study, columns).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
});
