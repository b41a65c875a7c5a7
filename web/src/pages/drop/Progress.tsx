import { cancel, type Work } from './session.js';

const TITLES = { look: 'Looking at the files', audit: 'Auditing', repair: 'Repairing' } as const;

const seconds = (from: number, to: number): string => `${((to - from) / 1000).toFixed(1)} s`;

/** What is done and what is being done, with the time that each took; folded once all of it is done. */
export const Progress = ({ work, planned }: { readonly work: Work; readonly planned: readonly string[] }) => {
  const begun = work.steps.map(({ what }) => what);
  const open = planned.filter((what) => !begun.includes(what));
  const list = (
    <ol>
      {work.steps.map(({ what, began, ended }) => (
        <li key={`${what} ${began}`} class={ended === undefined ? 'now' : 'done'}>
          <span>{what}</span>
          <span>{ended === undefined ? '…' : seconds(began, ended)}</span>
        </li>
      ))}
      {work.running &&
        open.map((what) => (
          <li key={what} class="open">
            <span>{what}</span>
          </li>
        ))}
    </ol>
  );
  const [first, last] = [work.steps[0], work.steps.at(-1)];
  if (!work.running) {
    if (!first || !last?.ended || work.task === 'look') return null;
    return (
      <details class="progress">
        <summary>
          {work.steps.length} steps, {seconds(first.began, last.ended)}
        </summary>
        {list}
      </details>
    );
  }
  return (
    <section class="progress" aria-label={TITLES[work.task]}>
      <h2>{TITLES[work.task]}</h2>
      <progress value={work.share} max={1} aria-label="Share done" />
      {list}
      <button type="button" class="plain" onClick={cancel}>
        Cancel
      </button>
    </section>
  );
};
