import { useEffect, useState } from 'preact/hooks';
import type { Place } from './geometry.js';
import type { Opened } from './session.js';
import { type ExplorerValues, explorer } from './state.js';
import type { Plane } from './usePlane.js';
import type { AboutCode } from './usePoint.js';

interface End extends AboutCode {
  /** Where it is drawn; an embedding leaves some out. */
  readonly place: readonly [number, number] | undefined;
}

/** The two codes of a path: by the address, or by clicks, one after the other. */
export const usePick = (
  opened: Opened,
  { from, to }: Pick<ExplorerValues, 'from' | 'to'>,
  plane: Plane | undefined,
) => {
  const { codes } = opened;
  const [ends, setEnds] = useState<readonly (End | undefined)[]>([]);
  useEffect(() => {
    let left = false;
    if (plane) void codes.ask('rows', { rows: [from, to] }).then((found) => !left && setEnds(found));
    return () => {
      left = true;
    };
  }, [codes, from, to, plane]);
  const pick = async (place: Place): Promise<void> => {
    const code = await codes.ask('near', place);
    // A third click begins anew.
    if (from < 0 || to >= 0) explorer.set({ from: code, to: -1 });
    else explorer.set({ to: code });
  };
  const [first, second] = ends;
  const marks = [first, second].flatMap((end, i) =>
    end?.place ? [{ name: i === 0 ? 'from' : 'to', place: { u: end.place[0], v: end.place[1] } }] : [],
  );
  return { ends: first && second ? ([first, second] as const) : undefined, marks, pick };
};
