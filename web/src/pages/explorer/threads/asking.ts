/** Questions to a worker and its answers, by name: `ask('place', …)` here calls `place` there. */

/** What a worker answers; a handler may tell the share done, 0 … 1. */
export type Answers = Readonly<Record<string, (question: never, tell: (share: number) => void) => unknown>>;

type Question<H> = H extends (question: infer Q, ...rest: never[]) => unknown ? Q : never;
type Answer<H> = H extends (...all: never[]) => infer R ? Awaited<R> : never;

interface Asked {
  readonly id: number;
  readonly name: string;
  readonly question: unknown;
}
type Said =
  | { readonly id: number; readonly type: 'answer'; readonly answer: unknown }
  | { readonly id: number; readonly type: 'share'; readonly share: number }
  | { readonly id: number; readonly type: 'fault'; readonly message: string };

export interface AskOptions {
  readonly onShare?: (share: number) => void;
  /** Buffers that go to the worker and are gone here. */
  readonly transfer?: Transferable[];
}

export interface Asker<A extends Answers> {
  /** Throws: Error with the message of what failed in the worker. */
  ask<K extends keyof A & string>(name: K, question: Question<A[K]>, options?: AskOptions): Promise<Answer<A[K]>>;
  /** Ends the worker with all that it has under way: what was asked is never answered. */
  end(): void;
}

/** In the page. */
export const askerOf = <A extends Answers>(worker: Worker): Asker<A> => {
  const open = new Map<
    number,
    {
      resolve: (answer: never) => void;
      reject: (error: Error) => void;
      onShare?: ((share: number) => void) | undefined;
    }
  >();
  let last = 0;
  worker.addEventListener('message', ({ data: said }: MessageEvent<Said>) => {
    const asked = open.get(said.id);
    if (!asked) return;
    if (said.type === 'share') {
      asked.onShare?.(said.share);
      return;
    }
    open.delete(said.id);
    if (said.type === 'answer') asked.resolve(said.answer as never);
    else asked.reject(new Error(said.message));
  });
  worker.addEventListener('error', (event) => {
    for (const { reject } of open.values()) reject(new Error(event.message || 'a worker of this page could not start'));
    open.clear();
  });
  return {
    ask: (name, question, { onShare, transfer = [] } = {}) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        open.set(id, { resolve, reject, onShare });
        worker.postMessage({ id, name, question } satisfies Asked, transfer);
      }),
    end: () => {
      worker.terminate();
      open.clear();
    },
  };
};

/** In the worker. */
export const answer = (handlers: Answers): void => {
  addEventListener('message', async ({ data: { id, name, question } }: MessageEvent<Asked>) => {
    const tell = (said: Said): void => postMessage(said);
    try {
      const given = await handlers[name]!(question as never, (share) => tell({ id, type: 'share', share }));
      tell({ id, type: 'answer', answer: given });
    } catch (error) {
      tell({ id, type: 'fault', message: error instanceof Error ? error.message : String(error) });
    }
  });
};
