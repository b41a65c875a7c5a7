/** Which options go together. */
import { InputError } from '../../../engine/errors/index.js';
import type { CodeOptions, CodeRequest } from './codeSource.js';

/** Of training codes, and of held-out ones. */
export type Prefix = '' | 'test-';
export type Scale = 'sigma' | 'log-var';

/** What was chosen for one set of codes: the text of each option. */
export type Choice =
  | { readonly kind: 'z'; readonly z: string }
  | { readonly kind: 'mu'; readonly mu: string; readonly scale: Scale; readonly sigma: string };

const problemsOf = (options: CodeOptions, prefix: Prefix): string[] => {
  const given = (name: string): boolean => options[prefix + name] !== undefined;
  const option = (name: string): string => `--${prefix}${name}`;
  const problems: string[] = [];
  const posteriors = ['mu', 'sigma', 'log-var'].filter(given);
  if (given('z') && posteriors.length > 0) {
    problems.push(`${option('z')}: expected draws alone, got ${posteriors.map(option).join(' and ')} beside them`);
  }
  if (given('sigma') && given('log-var')) {
    problems.push(`${option('sigma')}: expected one of ${option('sigma')} and ${option('log-var')}, got both`);
  }
  if (given('mu') && !given('sigma') && !given('log-var')) {
    const samples = `for draws give ${option('z')}`;
    problems.push(`${option('mu')}: expected ${option('sigma')} or ${option('log-var')} beside it; ${samples}`);
  }
  if (!given('mu') && posteriors.length > 0) {
    problems.push(`${option(posteriors[0]!)}: expected ${option('mu')} beside it`);
  }
  return problems;
};

/** What the options choose for a set, or undefined where they say nothing of it. */
export const choiceOf = (options: CodeOptions, prefix: Prefix): Choice | undefined => {
  const text = (name: string): string | undefined => options[prefix + name];
  const [z, mu] = [text('z'), text('mu')];
  if (z !== undefined) return { kind: 'z', z };
  const scale = text('sigma') === undefined ? 'log-var' : 'sigma';
  const sigma = text(scale);
  return mu === undefined || sigma === undefined ? undefined : { kind: 'mu', mu, scale, sigma };
};

/** Throws: InputError with all that is wrong with the choice of options, before any file is read. */
export const checkRequest = ({ options, codes, testCodes, sql }: CodeRequest): void => {
  const problems = [...problemsOf(options, ''), ...problemsOf(options, 'test-')];
  if (codes !== undefined && sql !== undefined)
    problems.push(`--sql: expected it alone, got the codes ${codes} beside it`);
  const whole = codes !== undefined || sql !== undefined;
  if (!whole && testCodes !== undefined) problems.push('--test-codes: expected --codes or --sql beside it');
  const [train, test] = [choiceOf(options, ''), choiceOf(options, 'test-')];
  if (problems.length === 0 && train === undefined && !whole) {
    problems.push('audit: expected a run folder, or arrays by --mu with --sigma or --log-var, or by --z');
  }
  if (problems.length === 0 && test && train && train.kind !== test.kind) {
    problems.push(`--test-${test.kind}: expected --test-${train.kind} beside --${train.kind}, got --test-${test.kind}`);
  }
  if (problems.length > 0) throw new InputError(problems.join('\n'));
};
