import type { Codes } from '../codes.js';
import { momentKl } from '../momentKl.js';
import { momentsOf } from '../moments.js';
import { type ClassPanel, isMeasured } from '../result.js';
import { selectRows } from '../split.js';
import { listed } from '../wording.js';
import { rounded } from './rounded.js';

/** Classes that have a panel: more than this are no classes to look at one by one. */
const MOST = 100;

export interface ClassPanels {
  readonly panels: readonly ClassPanel[];
  readonly notes: readonly string[];
}

/** What each class of the data looks like in z; a class whose codes span no volume is left out, in a note. */
export const classPanels = (codes: Codes, labels: ArrayLike<number>): ClassPanels => {
  const rows = new Map<number, number[]>();
  for (let i = 0; i < codes.n; i++) {
    const known = rows.get(labels[i]!);
    if (known) known.push(i);
    else rows.set(labels[i]!, [i]);
  }
  if (rows.size > MOST) {
    return { panels: [], notes: [`No class panels: at most ${MOST} classes are shown, and there are ${rows.size}.`] };
  }
  const panels: ClassPanel[] = [];
  const flat: number[] = [];
  for (const label of [...rows.keys()].sort((a, b) => a - b)) {
    const own = selectRows(codes, rows.get(label)!);
    const moments = momentsOf(own);
    const kl = momentKl(own, moments);
    if (!isMeasured(kl)) {
      flat.push(label);
      continue;
    }
    const variance = Array.from(moments.mean, (_, d) => rounded(moments.covariance[d * (codes.latents + 1)]!));
    panels.push({ label, n: own.n, mean: Array.from(moments.mean, rounded), variance, momentKl: kl });
  }
  const left = `No panel of class ${listed(flat)}: the covariance of its codes is singular.`;
  return { panels, notes: flat.length === 0 ? [] : [left] };
};
