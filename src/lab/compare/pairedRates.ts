import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { FileSystem } from '../runs/fileSystem.js';
import { namesIn } from '../runs/fileSystem.js';
import type { Estimate } from '../studies/study.js';
import type { ComparedRun, PairedRates } from './comparison.js';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** KL(q(z|x) ‖ N(0, I)) of each test image, from its code: Σ_d ½ (μ² + σ² − 1 − ln σ²). Nats. */
const rates = (path: string, latents: number): string => {
  const terms = Array.from(
    { length: latents },
    (_, d) => `pow(mu_${d}::double, 2) + exp(log_var_${d}::double) - 1 - log_var_${d}::double`,
  );
  return `select "index", 0.5 * (${terms.join(' + ')}) as rate from read_parquet(${quoted(path)})`;
};

/**
 * Rates of two runs over the same test images, image by image. Undefined where a run has no codes, or its data have no hash
 * to know them the same by.
 */
export const pairedRatesOf =
  (files: FileSystem): PairedRates =>
  async (of, from): Promise<Estimate | undefined> => {
    const codes = async (run: ComparedRun): Promise<string | undefined> => {
      const there = (await namesIn(files, join(run.folder, 'codes'))).includes('test.parquet');
      return there && run.record.inputs !== undefined ? join(run.folder, 'codes/test.parquet') : undefined;
    };
    const [a, b] = [await codes(of), await codes(from)];
    if (a === undefined || b === undefined) return undefined;
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      const reader = await connection.runAndReadAll(
        `select avg(a.rate - b.rate), stddev_samp(a.rate - b.rate) / sqrt(count(*)), count(*)::integer
         from (${rates(a, of.record.config.latents)}) a join (${rates(b, from.record.config.latents)}) b using ("index")`,
      );
      const [value, se, n] = reader.getRowsJson()[0] as [number | null, number | null, number];
      return value === null || se === null ? undefined : { value, se, n };
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  };
