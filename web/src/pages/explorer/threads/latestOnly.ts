/**
 * Runs one at a time, and of what is asked meanwhile the latest alone: the answer follows the pointer, and no queue
 * grows behind it.
 */
export const latestOnly = <Q>(run: (question: Q) => Promise<void>): ((question: Q) => void) => {
  let waiting: { readonly question: Q } | undefined;
  let busy = false;
  const next = async (): Promise<void> => {
    busy = true;
    while (waiting) {
      const { question } = waiting;
      waiting = undefined;
      await run(question);
    }
    busy = false;
  };
  return (question) => {
    waiting = { question };
    if (!busy) void next();
  };
};
