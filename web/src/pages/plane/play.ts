import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/** Seconds from start to end. */
const LENGTH = 8;

/** Lets a share run from where it is to 1, in the time of the screen. Starts over from the end. */
export const usePlay = (shown: number, show: (share: number) => void) => {
  const [playing, setPlaying] = useState(false);
  const at = useRef(shown);
  at.current = shown;
  const pause = useCallback(() => setPlaying(false), []);
  const toggle = (): void => {
    if (!playing && at.current >= 1) show(0);
    setPlaying(!playing);
  };
  useEffect(() => {
    if (!playing) return undefined;
    let frame = 0;
    let before: number | undefined;
    const step = (now: number): void => {
      const next = Math.min(1, at.current + (now - (before ?? now)) / 1000 / LENGTH);
      before = now;
      show(next);
      if (next < 1) frame = requestAnimationFrame(step);
      else setPlaying(false);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [playing]);
  return { playing, toggle, pause };
};
