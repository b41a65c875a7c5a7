import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors/index.js';
import { auditSettings } from './auditOptions.js';

const none = { alpha: undefined, seed: undefined, threads: undefined, failOn: undefined };

describe('settings of an audit', () => {
  it('have defaults', () => {
    expect(auditSettings(none, {}, 2)).toEqual({ alpha: 0.01, seed: 1, threads: 2, failOn: [] });
    expect(auditSettings({ ...none, threads: 'auto' }, { ZDIST_THREADS: '8' }, 16).threads).toBe(4);
  });

  it('take flags over the environment', () => {
    const env = { ZDIST_SEED: '7', ZDIST_THREADS: '3' };
    expect(auditSettings(none, env, 2)).toMatchObject({ seed: 7, threads: 3 });
    expect(auditSettings({ ...none, seed: '9', alpha: '0.05', failOn: 'collapsed,mismatched' }, env, 2)).toEqual({
      alpha: 0.05,
      seed: 9,
      threads: 3,
      failOn: ['collapsed', 'mismatched'],
    });
  });

  it('list every problem', () => {
    const run = () =>
      auditSettings({ alpha: '0.5', seed: '-1', threads: undefined, failOn: 'mismatch' }, { ZDIST_THREADS: 'many' }, 2);
    expect(run).toThrow(InputError);
    expect(run).toThrow(
      [
        '--alpha: expected a share above 0 and below 0.5, got "0.5"',
        '--seed: expected a whole number in 0 … 4294967295, got "-1"',
        'ZDIST_THREADS: expected a whole number in 1 … 1024, or auto, got "many"',
        '--fail-on: expected mismatched or collapsed, or both with a comma, got "mismatch" (did you mean "mismatched"?)',
      ].join('\n'),
    );
  });
});
