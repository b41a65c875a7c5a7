import type { RunConfig } from '../config/index.js';
import { REGIME_WEIGHT } from '../studies/plan.js';
import type { IdentifyData } from './jobs/dataIdentity.js';
import { jobId } from './jobs/job.js';
import type { CodeVersion } from './jobs/spec.js';
import type { TrainSpec } from './jobs/trainKind.js';
import type { SweepJob } from './outcome.js';
import type { PlannedConfig } from './plan/planSweep.js';
import type { StopRule } from './plan/sweepFile.js';

/** Multiplications of a training step, up to a factor. */
const stepCost = ({ hidden, latents, batch }: RunConfig, pixels: number): number => {
  const widths = [pixels, ...hidden, latents];
  return batch * widths.slice(1).reduce((sum, width, i) => sum + width * widths[i]!, 0);
};

/** The runs of a plan as jobs with their identities. */
export const trainJobs = async (
  runs: readonly PlannedConfig[],
  {
    stop,
    code,
    identify,
  }: { readonly stop?: StopRule | undefined; readonly code: CodeVersion; readonly identify: IdentifyData },
): Promise<SweepJob[]> => {
  const jobs: SweepJob[] = [];
  for (const { name, varied, config } of runs) {
    const { sha256, train, width, height } = await identify(config);
    const spec: TrainSpec = { kind: 'train', config, data: sha256, code, ...(stop && { stop }) };
    const steps = config.epochs * Math.floor(train / config.batch);
    const weight = REGIME_WEIGHT[config.regime] * steps * stepCost(config, width * height);
    jobs.push({ id: jobId(spec), name, varied, spec, weight: Math.max(weight, 1) });
  }
  return jobs;
};
