/** Changes of the runs, numbered: what a reader who was away for a while has missed. */
import type { RunRow, RunsAnswer, RunsEvent } from './contract.js';

/** So many characters of changes are remembered. */
const REMEMBERED = 4_000_000;

interface Change {
  readonly revision: number;
  /** The event as JSON. */
  readonly data: string;
}

/** What leads from one answer to the next; undefined where nothing has changed. */
export const changesBetween = (
  before: Omit<RunsAnswer, 'revision'>,
  after: Omit<RunsAnswer, 'revision'>,
): RunsEvent | undefined => {
  const old = new Map(before.runs.map((row) => [row.key, JSON.stringify(row)]));
  const changed = after.runs.filter((row: RunRow) => old.get(row.key) !== JSON.stringify(row));
  const now = new Set(after.runs.map(({ key }) => key));
  const gone = [...old.keys()].filter((key) => !now.has(key));
  const differ = (name: 'studies' | 'problems'): boolean => JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  const event: RunsEvent = {
    changed,
    gone,
    ...(differ('studies') && { studies: after.studies }),
    ...(differ('problems') && { problems: after.problems }),
  };
  return changed.length + gone.length > 0 || event.studies || event.problems ? event : undefined;
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

  add(event: RunsEvent): Change {
    this.last++;
    const change = { revision: this.last, data: JSON.stringify(event) };
    this.changes.push(change);
    this.size += change.data.length;
    while (this.size > this.most && this.changes.length > 1) this.size -= this.changes.shift()!.data.length;
    return change;
  }

  /** Those after a revision; undefined where they are no longer, or not yet, known. */
  since(revision: number): readonly Change[] | undefined {
    const oldest = (this.changes[0]?.revision ?? this.last + 1) - 1;
    if (!(revision >= oldest && revision <= this.last)) return undefined;
    return this.changes.filter((change) => change.revision > revision);
  }
}
