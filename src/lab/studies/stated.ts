/** A study as `study.json` states it, and back. */
import { bounds, FINAL_SAMPLING, INTERVAL, stated, statedResult, unstated } from '../runs/stated.js';
import type { Claim, Study } from './study.js';

const FLOOR = 'batches of draws of N(0, I), their moments by a draw of each';
const ACCURACY = 'all test images';

const statedClaim = (claim: Claim): unknown => ({
  ...claim,
  measured: claim.measured.map((each) => ({
    ...each,
    ...(each.of !== undefined && { sampling: each.of }),
    ...(each.half !== undefined && { interval: bounds({ value: each.value, half: each.half }) }),
  })),
});

/**
 * Every estimate with its sampling and its 95% interval, and SHA-256 of what the study was made from. Points of curves, by
 * far the most, have theirs once: `sampling` of each quantity, and the rule of their `interval`.
 */
export const statedStudy = (study: Study): Record<string, unknown> => {
  const { schema, kind, data, floor, extractor, runs, claims, ...rest } = study;
  return {
    ...{ schema, kind },
    inputs: { data: data.sha256, ...(extractor && { extractor: extractor.hash }) },
    curves: { sampling: FINAL_SAMPLING, interval: INTERVAL },
    ...rest,
    data,
    floor: stated(floor, () => FLOOR),
    ...(extractor && { extractor: stated(extractor, () => ACCURACY) }),
    runs: runs.map((run) => ({ ...statedResult(run), curve: run.curve })),
    claims: claims.map(statedClaim),
  };
};

/** Without what `statedStudy` adds; a study of before there was any is as it was. */
export const unstatedStudy = (content: unknown): unknown => {
  if (content === null || typeof content !== 'object') return content;
  const { inputs: _inputs, curves: _curves, ...study } = content as Record<string, unknown>;
  return unstated(study);
};
