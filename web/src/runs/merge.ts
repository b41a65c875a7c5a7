/** How what a page knows of runs follows from what it knew, and an event. */
import type { MetricsAnswer, MetricsEvent, RunsAnswer, RunsEvent } from '../../../src/lab/server/contract.js';

/** Rows stay in the order of their folders, as the server has them. */
export const withChanges = (known: RunsAnswer, { changed, gone, studies, problems }: RunsEvent, revision: number) => {
  if (revision <= known.revision) return known;
  const replaced = new Set([...gone, ...changed.map(({ key }) => key)]);
  const runs = [...known.runs.filter(({ key }) => !replaced.has(key)), ...changed];
  runs.sort((a, b) => (a.folder < b.folder ? -1 : 1));
  const next: RunsAnswer = {
    revision,
    runs,
    studies: studies ?? known.studies,
    problems: problems ?? known.problems,
  };
  return next;
};

/** An event that comes a second time adds nothing: it ends where the answer does, or before. */
export const withRecords = (known: MetricsAnswer, { records, end }: MetricsEvent): MetricsAnswer => {
  if (end <= known.end) return known;
  const curve = [...known.curve];
  const progress = [...known.progress];
  const probes = [...known.probes];
  for (const record of records) {
    if (record.type === 'probes') probes.push(record);
    else if (record.type === 'progress') progress.push(record);
    else if (record.type === 'evaluation') curve.push(record);
  }
  return { curve, progress, probes, end };
};
