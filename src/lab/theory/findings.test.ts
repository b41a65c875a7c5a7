import { expect, test } from 'vitest';
import { findings, theoryVerdict } from './findings.js';
import { type TheorySummary, theorySummary } from './index.js';

const summary = theorySummary();
const { minimum, flow } = summary;

test('theoryVerdict says what holds', () => {
  expect(theoryVerdict(summary)).toBe(
    'The KL term has one minimum, (μ, σ) = (0, 1); the Monte Carlo minimum coincides with it within error; ' +
      'and gradient flow brings every code there.',
  );
});

test('theoryVerdict says what does not hold', () => {
  const moved = { ...minimum.analytic, minimum: { ...minimum.analytic.minimum, mu: 0.25 } };
  const otherwise: TheorySummary = {
    ...summary,
    minimum: { ...minimum, analytic: moved, monteCarlo: { ...minimum.monteCarlo, coincide: false } },
    flow: { ...flow, kl: { ...flow.kl, never: false } },
  };
  expect(theoryVerdict(otherwise)).toBe(
    'The KL term has its lowest minimum found at (μ, σ) = (0.25, 1); the Monte Carlo minimum does not coincide with it ' +
      'within error; and gradient flow does not always fall towards it.',
  );
});

test('findings tell minima, eigenvalues, the check of the closed form and the Lyapunov functions', () => {
  const told = Object.fromEntries(findings(summary).map(({ what, found }) => [what, found]));
  expect(told['analytic minimum']).toBe("(0, 1); Newton's method ends there from 3,660 starts; least curvature 1");
  expect(told['Monte Carlo minimum']).toMatch(
    /^μ −?0\.\d+ ± 0\.00\d+, σ [01]\.\d+ ± 0\.00\d+; 32 surfaces of 10,000 draws/,
  );
  expect(told['gradient flow']).toBe('eigenvalues −1 and −2 at (0, 1), numerically −1 and −2: a stable node');
  expect(told['heavy ball']).toBe('friction 0.5: −0.25 ± 0.968i in μ, −0.25 ± 1.39i in σ: a stable spiral');
  expect(told['closed form']).toMatch(/^at most \d\.\d × 10⁻¹. from the integrated flow, over 6 starts$/);
  expect(told['no spiral']).toBe('from friction 2 in μ, from 2.83 in σ');
  expect(told['KL along the flow']).toMatch(/^never rises; falls at 2 times/);
  expect(told['KL along the ball']).toMatch(/^rises, at up to 0\.\d+ nats per unit time; its energy never rises$/);
});
