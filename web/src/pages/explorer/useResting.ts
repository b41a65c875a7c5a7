import { useEffect, useRef, useState } from 'preact/hooks';
import { type ExplorerValues, explorer } from './state.js';

/** What rests so long is written into the address: browsers bear few changes of it a second. Milliseconds. */
const RESTS = 250;

/** Numbers of the address that move with a pointer: as they move, and in the address where they rest. */
export const useResting = <K extends keyof ExplorerValues>(values: ExplorerValues, names: readonly K[]) => {
  const written = Object.fromEntries(names.map((name) => [name, values[name]])) as Pick<ExplorerValues, K>;
  const [now, setNow] = useState(written);
  const timer = useRef(0);
  // As somebody else writes them: a link, or a button.
  useEffect(
    () => setNow(written),
    names.map((name) => values[name]),
  );
  useEffect(() => () => clearTimeout(timer.current), []);
  const move = (to: Pick<ExplorerValues, K>): void => {
    setNow(to);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => explorer.set(to), RESTS) as unknown as number;
  };
  return [now, move] as const;
};
