import { useEffect, useState } from 'preact/hooks';
import type { RunRow } from '../../../../src/lab/server/contract.js';
import { allRuns } from '../../runs/source.js';
import { formatAddress } from '../../shell/address.js';
import { openFiles } from './session.js';

/** Rows that are offered at once; the search finds the others. */
const SHOWN = 30;

/** What to explore: a run of the lab, or files of this device. */
export const Chooser = ({ onOpen }: { readonly onOpen: () => void }) => (
  <>
    <h1>See z, touch z</h1>
    <p class="lead">
      Every image of a data set has a code: a place in z. Open a run to see where its codes lie, whether they fill the
      prior, and what the decoder draws at any place.
    </p>
    <div class="choose">
      <Runs />
      <Files onOpen={onOpen} />
    </div>
  </>
);

const Runs = () => {
  const [runs, setRuns] = useState<readonly RunRow[] | 'none' | undefined>(undefined);
  const [search, setSearch] = useState('');
  useEffect(() => {
    allRuns().then(
      (answer) => setRuns(answer.runs),
      () => setRuns('none'),
    );
  }, []);
  if (runs === undefined) return <p class="waiting">Looking for runs…</p>;
  if (runs === 'none' || runs.length === 0) {
    return (
      <section>
        <h2>No runs here yet</h2>
        <p>
          Train one with <code>zdist train --data glyphs</code> and look at it with <code>zdist ui</code>, or{' '}
          <a href="#/train">train in this tab</a>.
        </p>
      </section>
    );
  }
  const words = search.toLowerCase().split(/\s+/);
  const found = runs.filter((run) => {
    const text = `${run.name} ${run.folder} ${run.regime} ${run.data} ${run.preset}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return (
    <section>
      <h2>A run</h2>
      <label class="pick wide">
        <span>Search</span>
        <input type="search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
      </label>
      <ul class="runs-to-choose">
        {found.slice(0, SHOWN).map((run) => (
          <li key={run.key}>
            <a href={formatAddress({ page: 'explorer', values: { run: run.key } })}>{run.name}</a>
            <small>
              {run.data}, {run.latents} latents, {run.regime}, seed {run.seed}
              {run.state === 'done' ? '' : `, ${run.state}`}
            </small>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="note">No run has all of these words.</p>}
      {found.length > SHOWN && (
        <p class="note">
          {SHOWN} of {found.length.toLocaleString('en')}: search for the others.
        </p>
      )}
    </section>
  );
};

const Files = ({ onOpen }: { readonly onOpen: () => void }) => {
  const [files, setFiles] = useState<Readonly<Record<string, File | undefined>>>({});
  const input = (name: string, label: string, accept: string) => (
    <label class="file">
      <span>{label}</span>
      <input
        type="file"
        accept={accept}
        onChange={(event) => setFiles({ ...files, [name]: event.currentTarget.files?.[0] })}
      />
    </label>
  );
  return (
    <section>
      <h2>Files of this device</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const { codes, decoder, labels } = files;
          if (!codes) return;
          onOpen();
          void openFiles({ codes, decoder, labels }, 1);
        }}
      >
        {input('codes', 'Codes: .npy of [images, 2, latents], mu then sigma', '.npy')}
        {input('decoder', 'Decoder: .onnx of z (may be left out)', '.onnx')}
        {input('labels', 'Labels: .npy of whole numbers (may be left out)', '.npy')}
        <button type="submit" disabled={!files.codes}>
          Open
        </button>
        <p class="note">They are read in this tab. Nothing is uploaded.</p>
      </form>
    </section>
  );
};
