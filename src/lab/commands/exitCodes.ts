/** How a command ended, for the shell. */
export const EXIT = { done: 0, failure: 1, usage: 2, SIGINT: 130, SIGTERM: 143 } as const;

export const exitOfSignal = (signal: unknown): number => (signal === 'SIGTERM' ? EXIT.SIGTERM : EXIT.SIGINT);

/** The exit code of a study or run in this state. */
export const exitOfState = (state: 'done' | 'failed' | 'interrupted', interrupt: AbortSignal): number => {
  if (state === 'done') return EXIT.done;
  return state === 'interrupted' && interrupt.aborted ? exitOfSignal(interrupt.reason) : EXIT.failure;
};
