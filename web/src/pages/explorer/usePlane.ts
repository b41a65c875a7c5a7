import { useEffect, useRef, useState } from 'preact/hooks';
import type { Opened } from './session.js';
import type { ExplorerValues } from './state.js';
import { type Asker, askerOf } from './threads/asking.js';
import type { CodesAnswers } from './threads/codesWorker.js';
import type { Holes } from './threads/plane.js';
import type { UmapAnswers } from './threads/umapWorker.js';

/** Codes as they lie on the plane, in the order that they are drawn. */
export interface Plane {
  /** Axes of the frame; absent where codes are embedded, and no place but theirs stands for a z. */
  readonly axes?: readonly [number, number];
  /** [n, 2] */
  readonly xy: Float32Array;
  readonly reach: number;
  /** Where the prior has its middle. */
  readonly prior?: readonly [number, number];
  /** Shares of the variance of z, of all components. */
  readonly explained?: readonly number[] | undefined;
  readonly holes?: Holes | undefined;
}

export interface Shaded {
  readonly bytes: Uint8Array;
  readonly range?: readonly [number, number] | undefined;
  /** The estimate behind r(z). */
  readonly by?: string | undefined;
}

export interface Task {
  readonly what: string;
  readonly share: number;
  readonly cancel?: () => void;
}

/** Two axes of a frame, those of the address or the first; principal components come in their order. */
export const axesOf = ({ view, across, up }: ExplorerValues, order: readonly number[]): readonly [number, number] => {
  const latents = order.length;
  const first = view === 'components' ? 0 : order[0]!;
  const a = across >= 0 && across < latents ? across : first;
  const others = view === 'components' ? Array.from(order.keys()) : order;
  // The second axis of one latent is none.
  const b = up >= 0 && up < latents && up !== a ? up : (others.find((axis) => axis !== a) ?? 1);
  return [a, b];
};

type Tell = (task: Task) => void;
/** Embedded codes lie in −1 … 1. */
const EMBEDDED_REACH = 1.08;

/** The embedding of a sample; what is under way can be ended. */
const embed = async (
  codes: Asker<CodesAnswers>,
  { embedded, umap: seed }: Pick<ExplorerValues, 'embedded' | 'umap'>,
  latents: number,
  tell: Tell,
  onWorker: (worker: Asker<UmapAnswers>) => void,
): Promise<Plane> => {
  const { rows, mu } = await codes.ask('sample', { count: embedded, seed });
  const worker = askerOf<UmapAnswers>(
    new Worker(new URL('./threads/umapWorker.ts', import.meta.url), { type: 'module', name: 'umap' }),
  );
  onWorker(worker);
  const what = `UMAP of ${rows.length.toLocaleString('en')} codes`;
  tell({ what: `${what}: looking for neighbours`, share: 0 });
  const onShare = (share: number): void => tell({ what, share });
  const xy = await worker.ask('embed', { z: mu, latents, seed }, { onShare });
  worker.end();
  await codes.ask('embed', { rows, xy });
  return { xy, reach: EMBEDDED_REACH };
};

/** What the worker has on the plane, as the address asks for it, and what it is at. */
export const usePlane = (opened: Opened, values: ExplorerValues, order: readonly number[], cancelled: () => void) => {
  const { codes, classes, latents } = opened;
  const [plane, setPlane] = useState<Plane | undefined>(undefined);
  const [shaded, setShaded] = useState<Shaded | undefined>(undefined);
  const [task, setTask] = useState<Task | undefined>(undefined);
  const [fault, setFault] = useState('');
  const turn = useRef(0);
  const { view, points, holes, colour, embedded, umap } = values;
  const [a, b] = axesOf(values, order);
  const colouring = colour === 'label' && !classes ? 'rate' : colour;

  useEffect(() => {
    const mine = ++turn.current;
    let worker: Asker<UmapAnswers> | undefined;
    const tell: Tell = (told) => {
      if (mine === turn.current) setTask({ ...told, cancel: cancelled });
    };
    const lay = async (): Promise<Plane> => {
      const onWorker = (made: Asker<UmapAnswers>): void => {
        worker = made;
        if (mine !== turn.current) made.end();
      };
      if (view === 'umap') return embed(codes, { embedded, umap }, latents, tell, onWorker);
      const axes = [a, b] as const;
      const { prior, ...laid } = await codes.ask('plane', { frame: view, axes, points, holes: holes === 'on' });
      return { axes, prior: [prior[0]!, prior[1]!], ...laid };
    };
    setFault('');
    lay().then(
      (laid) => {
        if (mine !== turn.current) return;
        setTask(undefined);
        setShaded(undefined);
        setPlane(laid);
      },
      (error: Error) => mine === turn.current && setFault(error.message),
    );
    return () => {
      turn.current++;
      worker?.end();
      setTask(undefined);
    };
  }, [codes, view, a, b, points, holes, embedded, umap]);

  useEffect(() => {
    if (!plane) return;
    let left = false;
    const onShare = (share: number): void => {
      if (!left) setTask({ what: 'r(z) of the codes', share });
    };
    codes.ask('shade', { by: colouring }, { onShare }).then(
      (given) => {
        if (left) return;
        setTask(undefined);
        setShaded(given);
      },
      (error: Error) => !left && setFault(error.message),
    );
    return () => {
      left = true;
    };
  }, [codes, plane, colouring]);

  return { plane, shaded, task, fault, colouring };
};
