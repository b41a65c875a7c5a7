import { short } from '../../../latent/numbers/index.js';
import type { Study } from '../../studies/study.js';
import type { Series } from '../series.js';
import { listed } from '../words.js';

/** What a reader must know about the lines of a figure: the band, and the runs that did not end. */
export const notes = (study: Study, series: readonly Series[]): string[] => {
  const most = Math.max(0, ...series.map((each) => each.runs.length));
  const bands =
    most > 1
      ? `Lines are means over ${most} seeds, bands go from the lowest to the highest seed, ± is a 95% interval over seeds.`
      : `Bands and ± are 95% intervals (1.96 standard errors, n in the table of runs), seed ${listed(study.seeds.map(String))}.`;
  const broken = series
    .flatMap((each) => each.runs)
    .filter((run) => run.state !== 'done')
    .map((run) => `${run.name} (${run.state} at epoch ${short(run.curve.at(-1)?.epoch ?? 0)})`);
  return broken.length > 0 ? [bands, `Not trained to the end: ${listed(broken)}.`] : [bands];
};
