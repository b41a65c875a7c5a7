import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Opened } from './session.js';
import type { ExplorerValues } from './state.js';
import { latestOnly } from './threads/latestOnly.js';
import type { Plane } from './usePlane.js';

export interface AboutCode {
  readonly code: number;
  readonly label?: number | undefined;
  /** Nats. */
  readonly rate: number;
  readonly mu: Float32Array;
}

/** The z under the pointer. */
export interface At {
  readonly u: number;
  readonly v: number;
  readonly z: Float32Array;
  /** In the frame of the plane. */
  readonly coordinates: Float32Array;
  /** The code that is drawn nearest to the place. */
  readonly near: AboutCode;
  readonly image?: Float32Array | undefined;
}

/** What lies around it: in all of z, not on the plane alone. */
export interface Around {
  readonly nearest: AboutCode;
  readonly distance: number;
  readonly logRatio?: number | undefined;
  readonly by?: string | undefined;
  readonly image?: Float32Array | undefined;
}

interface Place extends Pick<ExplorerValues, 'u' | 'v' | 'rest' | 'fixed'> {
  readonly axes: readonly [number, number] | undefined;
}

/** Times that a median is of. */
const KEPT = 101;
/** Images after which a median says how fast the point is followed. */
const SETTLED = 10;

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!;

/** Follows a point on the plane: its z, what the decoder draws there, and what lies around. */
export const usePoint = (opened: Opened, plane: Plane | undefined, place: Omit<Place, 'axes'>) => {
  const { codes, decoder } = opened;
  const [at, setAt] = useState<At | undefined>(undefined);
  const [around, setAround] = useState<Around | undefined>(undefined);
  const times = useRef<{ decode: number[]; whole: number[] }>({ decode: [], whole: [] });
  const [fault, setFault] = useState('');

  const { follow } = useMemo(() => {
    const image = async (z: Float32Array): Promise<Float32Array | undefined> => {
      if (!decoder) return undefined;
      const { images, ms } = await decoder.ask('decode', { z });
      times.current.decode = [...times.current.decode.slice(1 - KEPT), ms];
      return images;
    };
    const look = latestOnly(async (z: Float32Array) => {
      try {
        const found = await codes.ask('look', { z });
        setAround({ ...found, image: await image(found.nearest.mu) });
      } catch (error) {
        setFault((error as Error).message);
      }
    });
    return {
      follow: latestOnly(async ({ u, v, ...told }: Place) => {
        const start = performance.now();
        try {
          const placed = await codes.ask('place', { u, v, ...told });
          look(placed.z);
          setAt({ u, v, ...placed, image: await image(placed.z) });
          times.current.whole = [...times.current.whole.slice(1 - KEPT), performance.now() - start];
        } catch (error) {
          setFault((error as Error).message);
        }
      }),
    };
  }, [codes, decoder]);

  const { u, v, rest, fixed } = place;
  // Read from the address, it is another object in every rendering.
  const held = Object.entries(fixed).join();
  useEffect(() => {
    if (plane) follow({ u, v, rest, fixed, axes: plane.axes });
  }, [plane, u, v, rest, held, follow]);

  /** r(z) is known to the worker from here on. */
  const [ratio, setRatio] = useState<number | 'known'>(0);
  useEffect(() => {
    codes.ask('ratio', undefined, { onShare: setRatio }).then(
      () => setRatio('known'),
      (error: Error) => setFault(error.message),
    );
  }, [codes]);
  useEffect(() => {
    if (ratio === 'known' && plane) follow({ u, v, rest, fixed, axes: plane.axes });
  }, [ratio]);

  const { decode, whole } = times.current;
  const speed = decode.length > 0 && {
    n: decode.length,
    decode: median(decode),
    // The first ones wait for what the page begins with.
    whole: whole.length >= SETTLED ? median(whole) : undefined,
  };
  return { at, around, speed, ratio, fault };
};
