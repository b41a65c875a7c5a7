import { InputError } from '../../../engine/errors/index.js';
import { ALL, type Numbers, type RowSource, splitPart } from '../../../vae/data/arrays/index.js';
import { type Choice, checkRequest, choiceOf, type Prefix } from './choice.js';
import { type Chosen, classRows, requireMatrix, requirePair, sigmaOfLogVar } from './codeRows.js';
import type { CodeRequest, CodeRows, CodeSource } from './codeSource.js';
import { recogniseCodes } from './recognise.js';

/** Where names lead: a folder of a disk, or files dropped on a page. */
export interface NumberFiles {
  /** Throws: InputError where there is no such file, or one that is not read. */
  open(text: string): Promise<Numbers>;
  /** The answer of a query. */
  ask(sql: string): Promise<Numbers>;
}

/** Opens numbers by option, keeps what is open, and collects what is wrong. */
class Opener {
  readonly problems: string[] = [];
  private readonly opened: Numbers[] = [];

  constructor(
    private readonly files: NumberFiles,
    private readonly request: CodeRequest,
  ) {}

  /** What a wrong file or query says is collected, so that all of it is said at once. */
  async attempt<T>(make: () => Promise<T>): Promise<T | undefined> {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (!this.problems.includes(error.message)) this.problems.push(error.message);
      return undefined;
    }
  }

  private async keep(numbers: Promise<Numbers>): Promise<Numbers> {
    this.opened.push(await numbers);
    return numbers;
  }

  /** What holds all codes of a set, or undefined where each option names a file. */
  async whole(prefix: Prefix): Promise<Numbers | undefined> {
    const { codes, testCodes, sql } = this.request;
    const file = prefix === '' ? codes : testCodes;
    if (file !== undefined) return this.keep(this.files.open(file));
    if (prefix === 'test-' || sql === undefined) return undefined;
    return this.keep(this.files.ask(sql));
  }

  /** What an option names: a part of `whole`, or a file. */
  async choose(option: string, text: string, whole: Numbers | undefined): Promise<Chosen> {
    if (whole) return { ...(await whole.choose(text)), option, text };
    const { file, part } = splitPart(text);
    const numbers = await this.keep(this.files.open(file));
    return { ...(await numbers.choose(part)), option, text: part ?? ALL };
  }

  async close(): Promise<void> {
    for (const numbers of this.opened) await numbers.close();
  }
}

interface OpenedSet {
  readonly rows: CodeRows;
  /** By the names that an audit knows arrays by. */
  readonly names: Readonly<Record<string, string>>;
  readonly source: string;
}

/** How messages name rows: by file, and by the columns that were chosen in it. */
const nameOf = ({ rows, text, keys }: Chosen): string => (keys && text !== ALL ? `${rows.name}: ${text}` : rows.name);

const openSet = async (
  opener: Opener,
  choice: Choice,
  prefix: Prefix,
  whole: Numbers | undefined,
): Promise<OpenedSet | undefined> => {
  const matrix = (option: string, text: string): Promise<Chosen | undefined> =>
    opener.attempt(async () => {
      const chosen = await opener.choose(prefix + option, text, whole);
      requireMatrix(chosen);
      return chosen;
    });
  const spoken = prefix === '' ? '' : 'test ';
  const shape = ({ n, width }: RowSource) => ({ n, latents: width });
  if (choice.kind === 'z') {
    const z = await matrix('z', choice.z);
    if (!z) return undefined;
    return { rows: { ...shape(z.rows), z: z.rows }, names: { [`${spoken}z`]: nameOf(z) }, source: nameOf(z) };
  }
  const mu = await matrix('mu', choice.mu);
  const scale = await matrix(choice.scale, choice.sigma);
  if (!mu || !scale) return undefined;
  const fits = await opener.attempt(async () => {
    requirePair(mu, scale);
    return true;
  });
  if (!fits) return undefined;
  const sigma = choice.scale === 'sigma' ? scale.rows : sigmaOfLogVar(scale.rows);
  const nameOfSigma = choice.scale === 'sigma' ? nameOf(scale) : `${nameOf(scale)}: sigma = exp(log_var / 2)`;
  return {
    rows: { ...shape(mu.rows), mu: mu.rows, sigma },
    names: { [`${spoken}mu`]: nameOf(mu), [`${spoken}sigma`]: nameOfSigma },
    source: `${nameOf(mu)}, ${nameOf(scale)}`,
  };
};

/** Throws: InputError where sets that belong together do not fit. */
const requireFit = (train: OpenedSet, test: OpenedSet | undefined, labels: RowSource | undefined): void => {
  const problems: string[] = [];
  if (test && test.rows.latents !== train.rows.latents) {
    const { latents } = train.rows;
    problems.push(`${test.source}: expected ${latents} columns as ${train.source} has, got ${test.rows.latents}`);
  }
  if (labels && labels.n !== train.rows.n) {
    problems.push(`${labels.name}: expected one label for each of ${train.rows.n} codes, got ${labels.n}`);
  }
  if (problems.length > 0) throw new InputError(problems.join('\n'));
};

/**
 * Opens the codes that a request names; nothing but headers is read yet.
 *
 * Throws: InputError, a line for each problem: options that do not go together, files that cannot be read, columns that
 * lack their partner, shapes that are no matrix or differ.
 */
export const openCodes = async (files: NumberFiles, request: CodeRequest): Promise<CodeSource> => {
  checkRequest(request);
  const opener = new Opener(files, request);
  try {
    return await openAll(opener, request);
  } catch (error) {
    await opener.close();
    throw error;
  }
};

const openAll = async (opener: Opener, { options, testCodes }: CodeRequest): Promise<CodeSource> => {
  const whole = await opener.attempt(() => opener.whole(''));
  const wholeTest = await opener.attempt(() => opener.whole('test-'));
  if (opener.problems.length > 0) throw new InputError(opener.problems.join('\n'));

  const told = choiceOf(options, '');
  const recognised = told ? undefined : recogniseCodes(whole!);
  const choice = told ?? recognised!.choice;
  const train = await openSet(opener, choice, '', whole);
  // Held-out codes are chosen as the others are, unless told otherwise.
  const toldTest = choiceOf(options, 'test-') ?? (testCodes === undefined ? undefined : choice);
  const test = toldTest && (await openSet(opener, toldTest, 'test-', wholeTest ?? whole));

  const { labels: column } = options;
  const labels =
    column === undefined
      ? undefined
      : await opener.attempt(async () => classRows(await opener.choose('labels', column, whole)));
  if (opener.problems.length > 0 || train === undefined) throw new InputError(opener.problems.join('\n'));
  requireFit(train, test, labels);
  return {
    train: train.rows,
    ...(test && { test: test.rows }),
    ...(labels && { labels }),
    sources: { train: train.source, ...(test && { test: test.source }) },
    names: { ...train.names, ...test?.names },
    notes: recognised ? [recognised.note] : [],
    close: () => opener.close(),
  };
};
