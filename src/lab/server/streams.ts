/** Streams of events: one look at the folder for all readers, and no reader that the server waits for. */
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { MetricsEvent } from './contract.js';
import type { Lab } from './lab.js';
import { type NewRecords, recordsFrom } from './metricRecords.js';

export interface StreamSettings {
  /** Least milliseconds from one look at the folder to the next. */
  readonly every: number;
  /** Milliseconds from one sign of life to the next; who has not taken what he had at the last one is left. */
  readonly heartbeat: number;
  /** So many readers at most. */
  readonly readers: number;
}

export const STREAM_SETTINGS: StreamSettings = { every: 500, heartbeat: 15_000, readers: 2000 };

/** Looking takes at most this share of the time. */
const SHARE = 0.1;
/** Milliseconds after which a browser that lost its stream comes back. */
const RETRY = 1000;

interface Reader {
  readonly out: ServerResponse;
  /** What he was last told of. */
  revision: number;
  /** The run whose metrics he reads, and where in its log he is. */
  readonly run: { readonly key: string; end: number } | undefined;
  /** Something is being read for him. */
  busy: boolean;
  /** He had not taken all at the last sign of life. */
  behind: boolean;
}

/** What was read of logs in one look, by run and place: readers at the same place have the same. */
type Reading = Map<string, Promise<NewRecords | undefined>>;

/** Where a reader left off. */
export interface Position {
  /** Undefined for one who knows nothing yet. */
  readonly revision: number | undefined;
  readonly end: number;
}

const numberIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;

/** Of `Last-Event-ID`, or of the address of a stream that is new. */
export const positionOf = (id: string | undefined, after: string | undefined, end: string | undefined): Position => {
  const [revision, at] = id ? id.split('-', 2) : [after, end];
  return { revision: numberIn(revision), end: numberIn(at) ?? 0 };
};

export class Streams {
  private readonly readers = new Set<Reader>();
  private next: NodeJS.Timeout | undefined;
  private beat: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly lab: Lab,
    private readonly onFault: (error: unknown) => void,
    private readonly settings: StreamSettings = STREAM_SETTINGS,
  ) {}

  get isFull(): boolean {
    return this.closed || this.readers.size >= this.settings.readers;
  }

  get count(): number {
    return this.readers.size;
  }

  /** Begins a stream on an answer whose head is not yet written. */
  open(out: ServerResponse, headers: Readonly<Record<string, string>>, position: Position, run?: string): void {
    const { revision = this.lab.changes.revision, end } = position;
    const reader = {
      out,
      revision,
      run: run === undefined ? undefined : { key: run, end },
      busy: false,
      behind: false,
    };
    const stream = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
    out.writeHead(200, { ...headers, ...stream });
    out.write(`retry: ${RETRY}\n\n`);
    out.on('close', () => {
      this.readers.delete(reader);
      if (this.readers.size === 0) this.stop();
    });
    out.on('drain', () => this.serve(reader, new Map()));
    this.readers.add(reader);
    this.serve(reader, new Map());
    this.start();
  }

  /** Ends all streams; readers come back when there is a server again. */
  close(): void {
    this.closed = true;
    for (const { out } of this.readers) out.destroy();
    this.readers.clear();
    this.stop();
  }

  private start(): void {
    if (this.closed || this.beat !== undefined) return;
    this.beat = setInterval(() => this.giveSign(), this.settings.heartbeat);
    this.next = setTimeout(() => void this.look(), 0);
  }

  private stop(): void {
    clearInterval(this.beat);
    clearTimeout(this.next);
    this.beat = undefined;
    this.next = undefined;
  }

  private async look(): Promise<void> {
    const began = performance.now();
    await this.lab.refresh().catch(this.onFault);
    const reading: Reading = new Map();
    for (const reader of this.readers) this.serve(reader, reading);
    const wait = Math.max(this.settings.every, (performance.now() - began) / SHARE);
    // Without readers nobody looks; the next one begins again.
    if (this.beat !== undefined) this.next = setTimeout(() => void this.look(), wait);
  }

  private giveSign(): void {
    for (const reader of this.readers) {
      const { out, behind } = reader;
      if (out.writableLength === 0) out.write(': still here\n\n');
      else if (behind) out.destroy();
      reader.behind = out.writableLength > 0;
    }
  }

  /** Gives a reader what is new to him, as far as he takes it; the rest waits where it is, in the list and in the log. */
  private serve(reader: Reader, reading: Reading): void {
    this.sendChanges(reader);
    if (reader.run === undefined || reader.busy) return;
    reader.busy = true;
    this.sendMetrics(reader, reader.run, reading)
      .catch(this.onFault)
      .finally(() => {
        reader.busy = false;
      });
  }

  private sendChanges(reader: Reader): void {
    const { changes } = this.lab;
    if (reader.revision === changes.revision) return;
    const missed = changes.since(reader.revision);
    if (missed === undefined) {
      reader.revision = changes.revision;
      send(reader, 'reset', '{}');
      return;
    }
    for (const { revision, data } of missed) {
      if (reader.out.writableNeedDrain) return;
      reader.revision = revision;
      send(reader, 'runs', data);
    }
  }

  private async sendMetrics(reader: Reader, run: NonNullable<Reader['run']>, reading: Reading): Promise<void> {
    const folder = this.lab.runFolder(run.key);
    if (folder === undefined) return;
    for (let more = true; more && !reader.out.writableNeedDrain && !reader.out.destroyed; ) {
      const place = `${run.key} ${run.end}`;
      const known = reading.get(place) ?? recordsFrom(join(folder, 'metrics.bin'), run.end);
      reading.set(place, known);
      const read = await known;
      if (read === undefined) {
        run.end = 0;
        send(reader, 'reset', '{}');
        return;
      }
      more = read.more;
      if (read.records.length === 0) return;
      run.end = read.end;
      const event: MetricsEvent = { run: run.key, records: read.records, end: read.end };
      send(reader, 'metrics', JSON.stringify(event));
    }
  }
}

const send = ({ out, revision, run }: Reader, event: string, data: string): void => {
  const id = run === undefined ? `${revision}` : `${revision}-${run.end}`;
  out.write(`id: ${id}\nevent: ${event}\ndata: ${data}\n\n`);
};
