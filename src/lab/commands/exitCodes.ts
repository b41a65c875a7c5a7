/** How a command ended, for the shell. */
export const EXIT = { done: 0, failure: 1, usage: 2, verdict: 3, sweep: 4, SIGINT: 130, SIGTERM: 143 } as const;

export const exitOfSignal = (signal: unknown): number => (signal === 'SIGTERM' ? EXIT.SIGTERM : EXIT.SIGINT);

/** The exit code of a study or run in this state; `hopeless` says what made it fail for good. */
export const exitOfState = (
  state: 'done' | 'failed' | 'interrupted',
  interrupt: AbortSignal,
  hopeless?: 'disk' | 'input',
): number => {
  if (state === 'done') return EXIT.done;
  if (hopeless === 'input') return EXIT.usage;
  return state === 'interrupted' && interrupt.aborted ? exitOfSignal(interrupt.reason) : EXIT.failure;
};
