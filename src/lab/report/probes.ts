import { type ProbeCodes, probePaths } from '../../latent/theory/index.js';
import { readNpy } from '../../vae/data/arrays/index.js';
import type { Study } from '../studies/study.js';
import type { RegimeProbes } from '../theory/index.js';
import type { ColourName } from './palette.js';
import type { StudyFiles } from './picture.js';
import { seriesOf } from './series.js';
import { listed } from './words.js';

/** Regimes whose encoder goes a way of its own; tandem's goes that of encoder-only, step by step. */
const shown: readonly string[] = [
  'joint-analytic',
  'joint-mc',
  'encoder-only-analytic',
  'encoder-only-mc',
  'separate-analytic',
  'tandem-analytic',
];

const colourName = (variable: string): ColourName => variable.slice('var(--'.length, -1) as ColourName;

export interface MeasuredProbes {
  readonly probes: readonly RegimeProbes[];
  /** What a reader must know of them: which seed, what is missing. */
  readonly note: string;
}

/** The ways of the probe images on the (μ, σ) plane: of each regime the first finished run that has them. */
export const measuredProbes = async (study: Study, files: StudyFiles): Promise<MeasuredProbes> => {
  const probes: RegimeProbes[] = [];
  const seeds = new Set<number>();
  const lacking: string[] = [];
  for (const series of seriesOf(study).filter(({ id }) => shown.includes(id))) {
    const run = series.runs.find((each) => each.probes !== undefined);
    if (!run?.probes) {
      lacking.push(series.label);
      continue;
    }
    try {
      const { data, shape } = readNpy(await files.read(run.probes.file), run.probes.file);
      const paths = probePaths({ data, shape } as ProbeCodes);
      probes.push({ label: series.label, colour: colourName(series.colour), paths });
      seeds.add(run.seed);
    } catch (error) {
      lacking.push(`${series.label} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  const note = [
    probes.length > 0
      ? `Measured codes are of seed ${listed([...seeds].map(String))}: of the first 8 test images, the three dimensions whose μ moves most with the image.`
      : 'This study holds no codes of probe images over training, so that no measured paths are drawn.',
    probes.length > 0 && lacking.length > 0 ? `Missing: ${listed(lacking)}.` : '',
  ];
  return { probes, note: note.filter((sentence) => sentence !== '').join(' ') };
};
