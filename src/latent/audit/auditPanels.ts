import { activeUnitsByThreshold, muVariances } from './activeUnits.js';
import type { HeldOut } from './heldOut.js';
import type { Moments } from './moments.js';
import {
  classPanels,
  correlationOf,
  dimensionPanels,
  holeMap,
  qqProbabilities,
  radiusHistogram,
  ratioHistograms,
  rounded,
} from './panels/index.js';
import type { Prepared } from './prepare.js';
import type { AuditPanels, Measured } from './result.js';
import type { DimensionTest } from './twoSample/index.js';

export interface PanelInput {
  readonly codes: Prepared;
  readonly moments: Moments;
  readonly tests: readonly DimensionTest[];
  readonly dimensionKl?: readonly Measured[];
  readonly heldOut: HeldOut;
  readonly seed: number;
}

const deepestOf = ({ holes, prior, ratio }: HeldOut): Pick<AuditPanels, 'deepest'> => {
  if (!holes || !ratio) return {};
  const { z, latents } = prior;
  return {
    deepest: {
      count: holes.deepest.length,
      z: holes.deepest.flatMap((row) => Array.from(z.subarray(row * latents, (row + 1) * latents), rounded)),
      ratio: holes.deepest.map((row) => rounded(ratio.prior[row]!)),
    },
  };
};

/** Everything that figures are drawn from, and what could not be drawn. */
export const auditPanels = ({
  codes,
  moments,
  tests,
  dimensionKl,
  heldOut,
  seed,
}: PanelInput): { readonly panels: AuditPanels; readonly notes: readonly string[] } => {
  const { all, allDraws, labels } = codes;
  const dimensions = dimensionPanels({
    codes: all,
    draws: allDraws,
    moments,
    tests,
    ...(dimensionKl && { kl: dimensionKl }),
  });
  const { holes, ratio, prior } = heldOut;
  const classes = labels === undefined ? undefined : classPanels(all, labels);
  return {
    panels: {
      dimensions,
      qqProbabilities,
      correlation: correlationOf(
        moments,
        dimensions.map(({ dimension }) => dimension),
      ),
      spectrum: Array.from(moments.eigenvalues, rounded),
      radius: radiusHistogram(allDraws),
      ...('mu' in all && { activeUnits: activeUnitsByThreshold(muVariances(all)) }),
      holeMap: holeMap({
        codes: all,
        draws: allDraws,
        moments,
        prior,
        inHole: (row) => holes !== undefined && ratio !== undefined && ratio.prior[row]! < holes.threshold,
        seed,
      }),
      ...(classes && classes.panels.length > 0 && { classes: classes.panels }),
      ...(holes && ratio && { ratio: ratioHistograms(ratio.codes, ratio.prior, holes.threshold) }),
      ...deepestOf(heldOut),
    },
    notes: classes?.notes ?? [],
  };
};
