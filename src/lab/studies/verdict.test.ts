import { describe, expect, it } from 'vitest';
import { controls, point, runResult } from '../../../test/support/study.js';
import type { RunResult } from './study.js';
import { verdict } from './verdict.js';

const run = (regime: RunResult['regime'], rate: number, score: number, more: Partial<RunResult> = {}): RunResult => {
  const { step: _step, epoch: _epoch, ...final } = point(200, rate, score);
  return runResult({ name: `${regime}-analytic-seed1`, regime, final, ...more });
};
const joint = run('joint', 19.42, -77.3);
const encoderOnly = run('encoder-only', 0.00213, -550);
const separate = run('separate', 0.01, -211.7);

describe('verdict', () => {
  it('names the rate, the ELBO and the price of a small KL', () => {
    expect(verdict([joint, encoderOnly, separate], 'threshold', 3)).toBe(
      'Under the full ELBO the codes keep away from N(0, I): rate 19.4 ± 0.2 nats, ELBO −96.7 ± 0.2 nats (n = 10,000 test ' +
        'images, seed 1, 95% intervals). The encoder trained on the KL alone reaches 0.00213 nats, but then q(z|x) is all ' +
        'but the same for every image: its codes carry at most those 0.00213 nats about it, and a decoder trained on such ' +
        'codes has a decoder score of −211.7 ± 0.2 instead of −77.3 ± 0.2 nats.',
    );
  });

  it('names the fitted sampler with its gain, where there is one', () => {
    const [joint1, joint2] = [1, 2].map((seed) => run('joint', 19.42, -77.3, { seed, controls }));
    expect(verdict([joint1!], 'threshold', 1)).toContain(
      'Drawn from a mixture of 10 full Gaussians fitted to the codes in place of N(0, I), z is worth 0.70 ± 0.08 nats of ' +
        'ELBO; the Fréchet distance of samples to test images goes from 26.0 to 9.00.',
    );
    const other = { ...controls, fitted: { ...controls.fitted!, name: 'full Gaussian' } };
    expect(verdict([joint1!, { ...joint2!, controls: other }], 'threshold', 2)).toContain('Gaussians or mixtures');
    const { fitted: _, ...unfitted } = controls;
    const useless = { ...controls, fitted: { ...controls.fitted!, gain: { value: 0.01, se: 0.1, n: 9 } } };
    for (const without of [unfitted, useless]) {
      expect(verdict([{ ...joint1!, controls: without }], 'threshold', 1)).not.toContain('in place of');
    }
  });

  it('takes the interval from the spread of several seeds', () => {
    const seeds = [19, 20, 21].map((rate, i) => run('joint', rate, -77, { name: `joint-analytic-seed${i}`, seed: i }));
    expect(verdict(seeds, 'threshold', 3)).toContain(
      'rate 20 ± 2 nats, ELBO −97 ± 2 nats (n = 10,000 test images, seeds 0, 1 and 2',
    );
  });

  it('does not call a collapsed joint model a success', () => {
    const text = verdict([run('joint', 0.1, -206)], 'threshold', 1);
    expect(text).toMatch(/^Even under the full ELBO the model is collapsed, .*next to nothing/);
  });

  it('claims nothing of a rate that is still large', () => {
    const text = verdict([run('encoder-only', 12.3, -550)], 'threshold', 1);
    expect(text).toMatch(/^The encoder trained on the KL alone stands at rate 12\.3 ± 0\.2 nats/);
    expect(text).not.toMatch(/reaches|the same for every image/);
  });

  it('calls the score of grey-scale data cross-entropy', () => {
    const text = verdict([joint], 'none', 1);
    expect(text).toContain('cross-entropy + KL 96.7 ± 0.2 nats');
    expect(text).not.toContain('ELBO −');
  });

  it('says what failed, what is unfinished and where training stopped', () => {
    const stopped = run('joint', 19.4, -77.3, { state: 'interrupted', steps: 1500 });
    const failed = runResult({ name: 'tandem-mc-seed1', regime: 'tandem', state: 'failed', error: 'killed' });
    const text = verdict([stopped, failed], 'threshold', 9);
    expect(text).toContain('95% intervals, stopped at step 1,500)');
    expect(text).toMatch(/1 of 9 runs failed: tandem-mc-seed1 \(killed\)\. 8 of 9 runs were not finished\.$/);
  });

  it('speaks of the regimes that were asked for', () => {
    expect(verdict([separate], 'threshold', 1)).toBe(
      'The decoder score without a joint ELBO: separate −211.7 ± 0.2 nats (n = 10,000 test images, seed 1, 95% intervals).',
    );
    expect(verdict([], 'threshold', 9)).toBe('No run left a measurement. 9 of 9 runs were not finished.');
  });
});
