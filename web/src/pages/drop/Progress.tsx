import { cancel, type Work } from './session.js';

const TITLES = { look: 'Looking at the files', audit: 'Auditing', repair: 'Repairing' } as const;

const seconds = (from: number, to: number): string => `${((to - from) / 1000).toFixed(1)} s`;

/** What is done and what is being done, with the time that each took. */
export const Progress = ({ work, planned }: { readonly work: Work; readonly planned: readonly string[] }) => {
  const begun = work.steps.map(({ what }) => what);
  const open = work.running ? planned.filter((what) => !begun.includes(what)) : [];
  return (
    <section class="progress" aria-label={TITLES[work.task]}>
      <h2>{TITLES[work.task]}</h2>
      <progress value={work.running ? work.share : 1} max={1} aria-label="Share done" />
      <ol>
        {work.steps.map(({ what, began, ended }) => (
          <li key={`${what} ${began}`} class={ended === undefined ? 'now' : 'done'}>
            <span>{what}</span>
            <span>{ended === undefined ? '…' : seconds(began, ended)}</span>
          </li>
        ))}
        {open.map((what) => (
          <li key={what} class="open">
            <span>{what}</span>
          </li>
        ))}
      </ol>
      {work.running && (
        <button type="button" class="plain" onClick={cancel}>
          Cancel
        </button>
      )}
    </section>
  );
};
