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

type Picked = Pick<ExplorerValues, 'from' | 'to' | 'seed'>;

/** The two codes of a path: by the address, by clicks, one after the other, or else by chance. */
export const usePick = (opened: Opened, { from, to, seed }: Picked, plane: Plane | undefined) => {
  const { codes } = opened;
  const [ends, setEnds] = useState<readonly (End | undefined)[]>([]);
  useEffect(() => {
    let left = false;
    const find = async (): Promise<void> => {
      const { rows } = await codes.ask('some', { count: 2, seed });
      const found = await codes.ask('rows', { rows: [from < 0 ? rows[0]! : from, to < 0 ? rows[1]! : to] });
      if (!left) setEnds(found);
    };
    if (plane) void find();
    return () => {
      left = true;
    };
  }, [codes, from, to, seed, plane]);
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
