/** What an audit does, in its order, with the share of the time that each takes where codes are many. */
const WEIGHTS = {
  'checking codes': 1,
  moments: 2,
  'splitting the rate': 10,
  'fitting densities': 12,
  'held-out codes': 5,
  'looking for holes': 4,
  'two-sample tests': 14,
  figures: 4,
} as const;

export type StageName = keyof typeof WEIGHTS;
/** Told the stage and the share of the whole audit that is done, 0 … 1. */
export type OnAuditProgress = (stage: StageName, share: number) => void;

/** In the order that they are done. */
export const STAGES = Object.keys(WEIGHTS) as readonly StageName[];

const TOTAL = Object.values(WEIGHTS).reduce((sum, weight) => sum + weight, 0);

/** Follows an audit through its stages. Returns a function to call with a stage and the share of it that is done. */
export const followStages = (onProgress: OnAuditProgress | undefined): ((stage: StageName, share?: number) => void) => {
  return (stage, share = 0) => {
    const before = STAGES.slice(0, STAGES.indexOf(stage)).reduce((sum, name) => sum + WEIGHTS[name], 0);
    onProgress?.(stage, (before + Math.min(1, share) * WEIGHTS[stage]) / TOTAL);
  };
};
