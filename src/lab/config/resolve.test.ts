import { describe, expect, it } from 'vitest';
import { altosaar } from '../../../test/support/study.js';
import {
  environmentLayer,
  fileLayer,
  flagsLayer,
  type Layer,
  resolveConfig,
  runDefaults,
  runSchema,
  setLayers,
} from './index.js';

const presets = {
  altosaar,
  lyeoni: { ...altosaar, epochs: 7, optimizer: { name: 'adam', lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8 } },
} as const;
const resolve = (...layers: Layer[]) => resolveConfig(runSchema, presets, runDefaults, layers);
const problems = (...layers: Layer[]): string[] => {
  try {
    resolve(...layers);
  } catch (error) {
    expect(error).toHaveProperty('name', 'InputError');
    return (error as Error).message.split('\n');
  }
  return [];
};

describe('resolveConfig', () => {
  it('takes the preset over the defaults', () => {
    expect(resolve()).toEqual({
      ...altosaar,
      draws: 'fresh',
      regime: 'joint',
      kl: 'analytic',
      seed: 1,
      epochs: 20,
      data: 'glyphs',
      threads: 'auto',
    });
    expect(resolve(flagsLayer({ preset: 'lyeoni' })).epochs).toBe(7);
  });

  it('takes flags over the environment over the file over the preset', () => {
    const file = fileLayer('run.yaml', 'epochs: 3\nseed: 3\nbatch: 3\n');
    const environment = environmentLayer({ ZDIST_EPOCHS: '4', ZDIST_SEED: '4' }, Object.keys(runSchema.shape));
    const config = resolve(file, environment, flagsLayer({ epochs: '5' }));
    expect([config.epochs, config.seed, config.batch]).toEqual([5, 4, 3]);
  });

  it('sets one key of the optimizer and keeps the others', () => {
    expect(resolve(...setLayers(['optimizer.lr=0.01'])).optimizer).toEqual({ ...altosaar.optimizer, lr: 0.01 });
  });

  it('gives another optimizer its own defaults', () => {
    const adam = { name: 'adam', lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8 };
    expect(resolve(...setLayers(['optimizer.name=adam'])).optimizer).toEqual(adam);
  });

  it('sets lists and leaves out an empty variable', () => {
    const environment = environmentLayer({ ZDIST_SEED: '' }, ['seed']);
    const config = resolve(environment, ...setLayers(['hidden=[512, 256]']));
    expect([config.hidden, config.seed]).toEqual([[512, 256], 1]);
  });

  it('lists every problem with its place', () => {
    const file = fileLayer('run.yaml', 'epoch: 3\noptimizer: { lrr: 1, lr: fast }\nhidden: [256, -1]\n');
    const environment = environmentLayer({ ZDIST_SEED: 'x' }, ['seed']);
    expect(problems(file, environment, flagsLayer({ epochs: '-1', regime: 'jiont' })).sort()).toEqual([
      '--epochs: expected a positive number, got -1',
      '--regime: expected one of joint, encoder-only, separate, tandem, random-z, got "jiont" (did you mean "joint"?)',
      'ZDIST_SEED: expected a whole number in 0 … 4294967295, got "x"',
      'run.yaml: epoch: unknown key (did you mean "epochs"?)',
      'run.yaml: hidden.1: expected a whole number in 1 … 65536, got -1',
      'run.yaml: optimizer.lr: expected a positive number, got "fast"',
      'run.yaml: optimizer.lrr: unknown key (did you mean "lr"?)',
    ]);
  });

  it('suggests the nearest preset and optimizer', () => {
    expect(problems(flagsLayer({ preset: 'altosar' }))).toEqual([
      '--preset: expected one of altosaar, lyeoni, got "altosar" (did you mean "altosaar"?)',
    ]);
    expect(problems(...setLayers(['optimizer.name=adm']))).toEqual([
      '--set optimizer.name: expected one of sgd, momentum, rmsprop, adam, adamw, got "adm" (did you mean "adam"?)',
    ]);
  });

  it('refuses what is no assignment and no YAML', () => {
    expect(() => setLayers(['lr'])).toThrow('--set: expected key=value, as in optimizer.lr=0.001, got "lr"');
    expect(() => fileLayer('run.yaml', '- 1')).toThrow('run.yaml: expected keys and values, got [1]');
    expect(() => fileLayer('run.yaml', 'a: [1')).toThrow(/^run\.yaml: expected YAML, got Flow sequence/);
    expect(fileLayer('run.yaml', '').values).toEqual({});
  });
});
