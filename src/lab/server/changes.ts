/** Changes of the runs, numbered: what a reader who was away for a while has missed. */
import type { RunsAnswer, RunsEvent } from './contract.js';

/** So many characters of changes are remembered. */
const REMEMBERED = 4_000_000;
/** Rows of one event at most: what is written to a slow reader at once. */
const ROWS = 100;

interface Change {
  readonly revision: number;
  /** The event as JSON. */
  readonly data: string;
}

type Shown = Omit<RunsAnswer, 'revision'>;

/** What leads from one answer to the next, in parts; none where nothing has changed. */
export const changesBetween = (before: Shown, after: Shown): RunsEvent[] => {
  const old = new Map(before.runs.map((row) => [row.key, JSON.stringify(row)]));
  const changed = after.runs.filter((row) => old.get(row.key) !== JSON.stringify(row));
  const now = new Set(after.runs.map(({ key }) => key));
  const gone = [...old.keys()].filter((key) => !now.has(key));
  const differ = (name: 'studies' | 'problems'): boolean =>
    JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  const rest = {
    ...(differ('studies') && { studies: after.studies }),
    ...(differ('problems') && { problems: after.problems }),
  };
  const events: RunsEvent[] = [];
  for (let at = 0; at < changed.length; at += ROWS) events.push({ changed: changed.slice(at, at + ROWS), gone: [] });
  if (gone.length > 0 || Object.keys(rest).length > 0) events.push({ changed: [], gone, ...rest });
  return events;
};

/**
 * The last changes. Revisions begin at a time in microseconds, so that those of a server that ran before are smaller, and
 * are known not to be remembered here.
 */
export class Changes {
  private changes: Change[] = [];
  private size = 0;
  private last: number;

  constructor(
    now: number,
    private readonly most = REMEMBERED,
  ) {
    this.last = now * 1000;
  }

  get revision(): number {
    return this.last;
  }

  add(event: RunsEvent): void {
    this.last++;
    const change = { revision: this.last, data: JSON.stringify(event) };
    this.changes.push(change);
    this.size += change.data.length;
    while (this.size > this.most && this.changes.length > 1) this.size -= this.changes.shift()!.data.length;
  }

  /** Those after a revision; undefined where they are no longer, or not yet, known. */
  since(revision: number): readonly Change[] | undefined {
    // They follow one another without a gap.
    const known = this.last - this.changes.length;
    return revision >= known && revision <= this.last ? this.changes.slice(revision - known) : undefined;
  }
}
