/**
 * Works through jobs in their order, `workers` at a time. No job is started once `goOn` says no; those under way are
 * waited for. Returns the results of the jobs that were started, in the order of the jobs.
 */
export const runPool = async <Job, Result>(
  jobs: readonly Job[],
  workers: number,
  work: (job: Job) => Promise<Result>,
  goOn: () => boolean,
): Promise<Result[]> => {
  const results: Promise<Result>[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < jobs.length && goOn()) {
      const index = next++;
      results[index] = work(jobs[index]!);
      await results[index];
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return Promise.all(results);
};
