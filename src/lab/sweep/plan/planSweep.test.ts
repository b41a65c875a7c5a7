import { describe, expect, it } from 'vitest';
import { laboratory } from '../../../../test/support/study.js';
import { planSweep } from './planSweep.js';
import { parseSweep } from './sweepFile.js';

const { presets } = laboratory();
const plan = (text: string) => planSweep(parseSweep('s.yaml', text), presets);
const problems = (text: string): string[] => {
  try {
    plan(text);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  throw new Error('expected problems, got a plan');
};

describe('planSweep', () => {
  it('makes every combination of a grid, the last key fastest, with seeds', () => {
    const { runs, equal } = plan(`
base: { preset: lyeoni, epochs: 1, seed: 5 }
grid:
  regime: [joint, tandem]
  optimizer.lr: [0.001, 0.01]
repeats: 2`);
    expect(equal).toBe(0);
    expect(runs.map((run) => run.name).slice(0, 4)).toEqual([
      'regime=joint,optimizer.lr=0.001,seed=5',
      'regime=joint,optimizer.lr=0.001,seed=6',
      'regime=joint,optimizer.lr=0.01,seed=5',
      'regime=joint,optimizer.lr=0.01,seed=6',
    ]);
    expect(runs).toHaveLength(8);
    expect(runs[3]).toMatchObject({
      varied: { regime: 'joint', 'optimizer.lr': 0.01, seed: 6 },
      config: { latents: 2, epochs: 1, seed: 6, threads: 1, optimizer: { name: 'rmsprop', lr: 0.01, centered: true } },
    });
  });

  it('takes presets, whole optimizers and lists as values', () => {
    const { runs } = plan(`
grid:
  optimizer.lr: [0.5]
  optimizer: [{ name: adam }, { name: sgd }]
  preset: [altosaar, lyeoni]
  hidden: [[8], [16, 16]]`);
    expect(runs).toHaveLength(8);
    expect(runs[0]!.name).toBe('optimizer.lr=0.5,optimizer=adam,preset=altosaar,hidden=8');
    expect(runs[0]!.config.optimizer).toMatchObject({ name: 'adam', lr: 0.5, beta1: 0.9 });
    expect(runs.at(-1)!.config).toMatchObject({
      preset: 'lyeoni',
      hidden: [16, 16],
      optimizer: { name: 'sgd', lr: 0.5 },
    });
  });

  it('draws at random by the seed, each key from a stream of its own', () => {
    const text = (more: string) => `
random:
  count: 50
  seed: 7
  parameters:
    optimizer.lr: { loguniform: [0.0001, 0.01] }
    latents: { int: [2, 4] }
    regime: { choice: [joint, tandem] }${more}`;
    const { runs, equal } = plan(text(''));
    expect(runs.length + equal).toBe(50);
    expect(plan(text(''))).toEqual(plan(text('')));
    const rates = runs.map(({ config }) => config.optimizer.lr);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-4);
    expect(Math.max(...rates)).toBeLessThan(1e-2);
    expect(rates.filter((rate) => rate < 1e-3).length).toBeGreaterThan(15);
    expect(new Set(runs.map(({ config }) => config.latents))).toEqual(new Set([2, 3, 4]));
    expect(new Set(runs.map(({ config }) => config.regime))).toEqual(new Set(['joint', 'tandem']));
    expect(plan(text('\n    batch: { int: [16, 64] }')).runs.map(({ config }) => config.optimizer.lr)).toEqual(rates);
    expect(plan(text('').replace('seed: 7', 'seed: 8')).runs[0]!.config.optimizer.lr).not.toBe(rates[0]);
  });

  it('takes Sobol points, scrambled or not, and crosses them with the grid', () => {
    const text = (seed: string) => `
grid: { regime: [joint, tandem] }
sobol:
  count: 4
  ${seed}
  parameters:
    optimizer.lr: { uniform: [0.1, 0.2] }
    latents: { int: [1, 8] }`;
    const rates = (seed: string) => plan(text(seed)).runs.map(({ config }) => config.optimizer.lr);
    expect(rates('').slice(0, 4)).toEqual([0, 0.5, 0.75, 0.25].map((u) => 0.1 + u * (0.2 - 0.1)));
    expect(rates('')).toHaveLength(8);
    expect(
      plan(text(''))
        .runs.map(({ config }) => config.latents)
        .slice(0, 4),
    ).toEqual([1, 5, 3, 7]);
    expect(rates('seed: 1')).toEqual(rates('seed: 1'));
    expect(rates('seed: 1')[0]).not.toBe(0.1);
  });

  it('leaves out equal configurations, and keeps names apart', () => {
    expect(plan('grid: { latents: [2, 2, 3] }')).toMatchObject({
      equal: 1,
      runs: [{ name: 'latents=2' }, { name: 'latents=3' }],
    });
    const { runs } = plan('grid: { optimizer.lr: [0.1, 0.100001] }');
    expect(runs.map((run) => run.name)).toEqual(['optimizer.lr=0.1', 'optimizer.lr=0.1#2']);
    expect(plan('name: one').runs.map((run) => run.name)).toEqual(['one']);
  });

  it('lists every problem of every configuration with its place', () => {
    expect(
      problems(`
base: { epochs: -1, latent: 3 }
grid:
  regime: [joint, tandm]
  hidden: [[8], [0]]
  optimizer.lrr: [1]
random: { count: 3, parameters: { batch: { uniform: [1.25, 1.75] } } }`),
    ).toEqual([
      's.yaml: base.epochs: expected a positive number, got -1',
      expect.stringMatching(/^s\.yaml: random\.parameters\.batch: expected a whole number in 1 … 1048576, got 1\.\d+$/),
      's.yaml: grid.optimizer.lrr.0: unknown key (did you mean "lr"?)',
      's.yaml: base.latent: unknown key (did you mean "latents"?)',
      expect.stringMatching(/^s\.yaml: random\.parameters\.batch/),
      expect.stringMatching(/^s\.yaml: random\.parameters\.batch/),
      's.yaml: grid.hidden.1.0: expected a whole number in 1 … 65536, got 0',
      's.yaml: grid.regime.1: expected one of joint, encoder-only, separate, tandem, random-z, got "tandm" (did you mean "tandem"?)',
    ]);
  });

  it('lists every problem of the shape of the file', () => {
    expect(
      problems(`
name: ../up
grids: {}
grid: { latents: 3, seed: [] }
random: { count: 0, parameters: { latents: { unifrom: [1, 2] }, seed: { int: [2, 1] }, batch: 5 } }
sobol: { cuont: 1, parameters: {} }
repeats: 0
stop: { above: high }`),
    ).toEqual([
      's.yaml: name: expected a name of letters, digits, dots, dashes and underscores, got "../up"',
      's.yaml: grid.latents: expected a list of values, got 3',
      's.yaml: grid.seed: expected at least one value, got []',
      's.yaml: random.count: expected a whole number in 1 … 100000, got 0',
      's.yaml: random.parameters.latents: expected one of uniform: [low, high], loguniform: [low, high], int: [low, high], choice: [value, …], got "unifrom" (did you mean "uniform"?)',
      's.yaml: random.parameters.seed: int: expected low below high, got [2,1]',
      's.yaml: random.parameters.batch: expected one of uniform: [low, high], loguniform: [low, high], int: [low, high], choice: [value, …], got 5',
      's.yaml: sobol.count: expected a whole number in 1 … 100000, got nothing',
      's.yaml: sobol.parameters: expected at least one key of the configuration, got {}',
      's.yaml: sobol.cuont: unknown key (did you mean "count"?)',
      's.yaml: repeats: expected a whole number in 1 … 10000, got 0',
      's.yaml: stop.above: expected a number of nats, got "high"',
      's.yaml: grids: unknown key (did you mean "grid"?)',
    ]);
  });

  it.each([
    [
      'grid: { latents: [2] }\nrandom: { count: 1, parameters: { latents: { int: [1, 2] } } }',
      /random\.parameters\.latents: expected a key that is not in grid\.latents, got both/,
    ],
    ['grid: { seed: [1, 2] }\nrepeats: 2', /repeats: expected 1 beside grid\.seed, got 2/],
    [
      'grid: { seed: [1, 2, 3] }\nrandom: { count: 90000, parameters: { latents: { int: [1, 2] } } }',
      /expected at most 100000 runs, got 270000/,
    ],
    [
      'random: { count: 1, parameters: { batch: { loguniform: [0, 2] } } }',
      /loguniform: expected low above 0, got \[0,2\]/,
    ],
    ['random: { count: 1, parameters: { batch: { int: [0.5, 2] } } }', /int: expected whole numbers, got \[0.5,2\]/],
    ['random: { count: 1, parameters: { batch: { int: 2 } } }', /int: expected \[low, high\], got 2/],
    ['random: { count: 1, parameters: { batch: { choice: [] } } }', /choice: expected a list of values, got \[\]/],
    ['base: [', /s\.yaml: expected YAML, got/],
    ['- 1', /s\.yaml: expected keys and values, got \[1\]/],
  ])('refuses %s', (text, message) => {
    expect(problems(text)).toEqual([expect.stringMatching(message)]);
  });
});
