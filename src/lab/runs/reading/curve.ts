import { join } from 'node:path';
import type { CurvePoint } from '../../../vae/training/index.js';
import { quantities } from '../../report/series.js';
import { readIfThere } from '../fileSystem.js';
import { type Metrics, readMetrics } from '../metrics/metrics.js';
import type { Readable } from './record.js';

/** `curve.csv`, which runs of schema 1 have in place of `metrics.bin`. */
const parseCurve = (csv: string): CurvePoint[] => {
  const [header, ...lines] = csv.trim().split('\n');
  const names = header!.split(',');
  return lines.map((line) => {
    const cells = line.split(',').map((cell) => (cell === '' ? Number.NaN : Number(cell)));
    const at = (name: string): number => cells[names.indexOf(name)] ?? Number.NaN;
    const estimates = quantities.map((name) => [name, { value: at(name), se: at(`${name}_se`), n: at(`${name}_n`) }]);
    return { step: at('step'), epoch: at('epoch'), ...Object.fromEntries(estimates) } as CurvePoint;
  });
};

/** What a run has measured so far, of any schema, while it is written or after. A record that is half written is left out. */
export const readRunMetrics = async (files: Readable, folder: string): Promise<Metrics> => {
  const log = await readIfThere(files, join(folder, 'metrics.bin'));
  if (log !== undefined) return readMetrics(log);
  const csv = await readIfThere(files, join(folder, 'curve.csv'));
  const curve = csv === undefined ? [] : parseCurve(Buffer.from(csv).toString('utf8'));
  return { curve, progress: [], probes: [], ends: [] };
};
