import type { RunsAnswer } from '../../../../src/lab/server/contract.js';
import { Command } from '../../runs/Command.js';

/** Before the first run: how to make one. */
export const Empty = ({ problems }: Pick<RunsAnswer, 'problems'>) => (
  <section class="empty">
    <h2>No runs here yet</h2>
    <p>Train one in a terminal, in the folder that this lab looks at; it appears here by itself:</p>
    <Command text="npx zdist train --data glyphs --epochs 4" />
    <p>All regimes of the study, with a verdict on each claim:</p>
    <Command text="npx zdist study article --data glyphs --epochs 4" />
    <p>
      Or <a href="#/train">train one here, in this tab</a>: it takes half a minute, and nothing has to be installed.
    </p>
    <Problems problems={problems} />
  </section>
);

export const Problems = ({ problems }: Pick<RunsAnswer, 'problems'>) =>
  problems.length === 0 ? null : (
    <details class="problems">
      <summary>
        {problems.length} {problems.length === 1 ? 'folder' : 'folders'} could not be read
      </summary>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </details>
  );
