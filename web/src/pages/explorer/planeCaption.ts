import type { ExplorerValues } from './state.js';
import type { Plane, Shaded } from './usePlane.js';

/** What the picture of the plane answers, in numbers. */
export const planeCaption = (plane: Plane, shaded: Shaded | undefined, n: number, values: ExplorerValues): string => {
  const by = shaded?.by === undefined ? '' : ` r(z) by ${shaded.by}.`;
  if (!plane.axes) {
    const shown = (plane.xy.length / 2).toLocaleString('en');
    return `UMAP of the means of ${shown} of ${n.toLocaleString('en')} codes (seed ${values.umap}, 15 neighbours): near codes stay near, distances and empty space mean little, and it has no prior. The point is always the code nearest to it.${by}`;
  }
  const holes = plane.holes
    ? `${(100 * plane.holes.share).toFixed(0)}% of the prior lies where codes are lacking on this plane (∫ max(0, p − q), of at most 3,000 codes). `
    : '';
  const draws =
    values.points === 'draws' ? ' Points are draws of the posteriors.' : ' Points are means of the posteriors.';
  return `${holes}Circles hold 50%, 90% and 99% of N(0, I) on this plane.${draws}${by}`;
};
