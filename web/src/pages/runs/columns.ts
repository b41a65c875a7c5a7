import type { RunRow } from '../../../../src/lab/server/contract.js';
import { duration, integer, short } from '../../../../src/latent/numbers/index.js';
import { klName } from '../../runs/look.js';

/** What a column shows of a run: it is sorted by the value, and read as the text. */
export interface Column {
  readonly id: string;
  readonly title: string;
  readonly unit?: string;
  /** Undefined where the run has none; such runs stand last. */
  readonly value: (run: RunRow) => number | string | undefined;
  readonly text?: (value: number) => string;
  /** Of the mean over seeds, where a mean makes sense. */
  readonly measured?: (run: RunRow) => { readonly value: number; readonly se: number; readonly n: number } | undefined;
  /** Whether all runs of a group have the same. */
  readonly shared: boolean;
}

const nats = (id: 'elbo' | 'rate' | 'score' | 'momentKl', title: string): Column => ({
  id,
  title,
  unit: 'nats',
  value: ({ final }) => final?.[id].value ?? undefined,
  text: short,
  measured: ({ final }) => final?.[id],
  shared: false,
});

const setting = (
  id: 'regime' | 'data' | 'preset' | 'latents' | 'beta' | 'epochs' | 'batch',
  title: string,
): Column => ({
  id,
  title,
  value: (run) => run[id],
  shared: true,
});

export const whenText = (started: string): string => started.slice(0, 16).replace('T', ' ');

/** In the order of the table. */
export const COLUMNS: readonly Column[] = [
  { id: 'name', title: 'Run', value: ({ name }) => name, shared: true },
  { id: 'verdict', title: 'Verdict', value: ({ verdict }) => verdict, shared: false },
  { id: 'state', title: 'State', value: ({ state }) => state, shared: false },
  nats('elbo', 'ELBO'),
  nats('rate', 'Rate'),
  nats('score', 'Score'),
  nats('momentKl', 'Moment KL'),
  setting('regime', 'Regime'),
  { id: 'kl', title: 'KL', value: ({ kl }) => klName(kl), shared: true },
  setting('data', 'Data'),
  setting('preset', 'Preset'),
  setting('latents', 'Latents'),
  setting('beta', 'β'),
  { id: 'seed', title: 'Seed', value: ({ seed }) => seed, shared: false },
  setting('epochs', 'Epochs'),
  setting('batch', 'Batch'),
  { id: 'steps', title: 'Steps', value: ({ steps }) => steps, text: integer, shared: false },
  { id: 'seconds', title: 'Time', unit: 's', value: ({ seconds }) => seconds, text: duration, shared: false },
  { id: 'started', title: 'Started', unit: 'UTC', value: ({ started }) => started || undefined, shared: false },
];

export const columnNamed = (id: string): Column => COLUMNS.find((column) => column.id === id) ?? COLUMNS[0]!;

/** Pixels: columns keep their places while rows come and go. */
const NARROW = 90;
const WIDTHS: Readonly<Record<string, number>> = {
  ...{ name: 260, verdict: 130, state: 120, elbo: 220, rate: 145, score: 130, momentKl: 150, regime: 120, kl: 110 },
  ...{ data: 110, preset: 110, seconds: 110, started: 150 },
};
export const widthOf = ({ id }: Column): number => WIDTHS[id] ?? NARROW;

/** As a cell says it; nothing where the run has no such value. */
export const cellText = ({ id, value, text }: Column, run: RunRow): string => {
  const raw = value(run);
  if (raw === undefined) return '';
  if (id === 'started') return whenText(String(raw));
  return typeof raw === 'number' && text ? text(raw) : String(raw);
};
