import type { RunDetail } from '../../../../src/lab/server/contract.js';
import { ImageRow } from '../../figures/ImageRow.js';
import { Grid } from '../../runs/Grid.js';
import { runFile } from '../../runs/source.js';
import { type Decoded, DRAWS, oneNoise, useDecoded } from './decoded.js';
import { letterOf } from './letters.js';
import { compareState } from './state.js';

const COLUMNS = 8;

/** Images that one channel of a square holds; other shapes keep to the stored grids. */
const sideOf = ({ images }: Decoded): number | undefined => {
  const side = images && Math.sqrt(images.length / DRAWS);
  return side !== undefined && Number.isInteger(side) ? side : undefined;
};

const title = (run: RunDetail, i: number): string => `${letterOf(i)}  ${run.name}, seed ${run.seed}`;

const LiveGrid = ({ label, decoded }: { readonly label: string; readonly decoded: Decoded | undefined }) => {
  const side = decoded && sideOf(decoded);
  if (decoded && side === undefined) {
    return (
      <div class="images">
        <h3>{label}</h3>
        <p class="none">Not drawn: {decoded.fault ?? 'its images are not square and grey'}.</p>
      </div>
    );
  }
  const size = side ?? 28;
  return <ImageRow label={label} images={decoded?.images} width={size} height={size} count={DRAWS} columns={COLUMNS} />;
};

const Live = ({ runs }: { readonly runs: readonly RunDetail[] }) => {
  const { seed } = compareState.read();
  const decoded = useDecoded(runs, seed);
  return (
    <>
      <p class="note">
        The same {DRAWS} draws from N(0, I) through each decoder, here in this tab: in each place the same z of{' '}
        {runs[0]!.latents} latents.{' '}
        <label class="seed">
          Seed{' '}
          <input
            type="number"
            value={seed}
            min={0}
            max={0xffffffff}
            step={1}
            onChange={(event) =>
              event.currentTarget.validity.valid && compareState.set({ seed: event.currentTarget.valueAsNumber })
            }
          />
        </label>
      </p>
      <div class="grids-beside">
        {runs.map((run, i) => (
          <LiveGrid key={run.key} label={title(run, i)} decoded={decoded.get(run.key)} />
        ))}
      </div>
    </>
  );
};

const STORED = 'samples/prior.png';

const Stored = ({ runs }: { readonly runs: readonly RunDetail[] }) => (
  <>
    <p class="note">
      As each run left them: their codes have different numbers of latents, or a decoder is missing, so no one draw fits
      all. Runs of one seed and one number of latents have the same noise.
    </p>
    <div class="grids-beside">
      {runs.map((run, i) =>
        run.files.some(({ path }) => path === STORED) ? (
          <Grid key={run.key} label={title(run, i)} address={runFile(run.key, STORED)} name={`${run.name}-prior`} />
        ) : (
          <div key={run.key}>
            <h3>{title(run, i)}</h3>
            <p class="none">This run kept no samples.</p>
          </div>
        ),
      )}
    </div>
  </>
);

/** What the decoders draw from the same noise. */
export const Grids = ({ runs }: { readonly runs: readonly RunDetail[] }) => (
  <section id="images">
    <h2>What do they draw from the same noise?</h2>
    {oneNoise(runs) ? <Live runs={runs} /> : <Stored runs={runs} />}
  </section>
);
