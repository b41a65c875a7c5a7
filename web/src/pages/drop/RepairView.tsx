import { statedMeasures } from '../../../../src/latent/audit/index.js';
import type { SamplerResult } from '../../../../src/latent/repair/index.js';
import type { Grids, Repaired } from '../../dropped/messages.js';
import { ImageRow } from '../../figures/ImageRow.js';
import { download, saveCanvas } from '../../figures/save.js';
import { saveJson } from './AuditView.js';
import { gain, short, shown } from './numbers.js';

const COLUMNS = 8;

const saveModel = (name: string, bytes: Uint8Array): void =>
  download(name, new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' }));

/** The cure: what was chosen, what it gains, what is left of the holes, and the models to take along. */
export const RepairView = ({ repaired }: { readonly repaired: Repaired }) => {
  const { result, sampler, generator, grids } = repaired;
  const prior = result.samplers[0]!;
  const chosen = result.samplers.find(({ family }) => family === result.chosen)!;
  return (
    <section aria-label="Repair" class="result">
      <p class={`verdict ${result.verdict}`}>{result.verdict}</p>
      <p class="summary">{result.summary}</p>
      <p>{result.why}</p>
      <dl class="facts cure">
        <dt>Sampler</dt>
        <dd>{chosen.name}</dd>
        {chosen.elboGain && (
          <>
            <dt>Gain over N(0, I)</dt>
            <dd>{gain(chosen.elboGain)} (± one standard error)</dd>
          </>
        )}
        {prior.holeMass && chosen.holeMass && (
          <>
            <dt>Hole mass</dt>
            <dd>
              {shown(prior.holeMass.value, 'percent')} → {shown(chosen.holeMass.value, 'percent')}
            </dd>
          </>
        )}
        {result.attribution && (
          <>
            <dt>Cause</dt>
            <dd>{result.attribution.text}</dd>
          </>
        )}
      </dl>
      <p class="buttons">
        {generator && (
          <button type="button" class="play" onClick={() => saveModel('generator.onnx', generator)}>
            Save generator.onnx
          </button>
        )}
        <button type="button" class={generator ? 'plain' : 'play'} onClick={() => saveModel('sampler.onnx', sampler)}>
          Save sampler.onnx
        </button>
        <button type="button" class="plain" onClick={() => saveJson('repair.json', statedMeasures(result))}>
          Save repair.json
        </button>
      </p>
      {generator && (
        <p class="reading">
          generator.onnx takes <code>noise</code>, values of N(0, 1), and gives <code>image</code>: the sampler, then
          your decoder as it is.
        </p>
      )}
      {grids && <Images grids={grids} fitted={chosen.name} />}
      <Samplers samplers={result.samplers} chosen={result.chosen} />
      {(result.notes.length > 0 || result.leftOut.length > 0) && (
        <ul class="notes">
          {result.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
          {result.leftOut.map(({ family, why }) => (
            <li key={family}>
              {family} left out: {why}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
};

const Images = ({ grids, fitted }: { readonly grids: Grids; readonly fitted: string }) => {
  const rows = [
    ['From N(0, I)', 'prior', grids.prior],
    [`From the ${fitted}`, 'fitted', grids.fitted],
    ['From codes of held-out images', 'encoder', grids.encoder],
  ] as const;
  const { width, height, count, channels, planar } = grids;
  const save = (name: string, button: HTMLElement): void => {
    const canvas = button.closest('.grid')?.querySelector('canvas');
    if (canvas) void saveCanvas(name, canvas);
  };
  return (
    <>
      <h2>Do draws look better?</h2>
      <div class="grids3">
        {rows.map(([label, name, images]) => (
          <div class="grid" key={name}>
            <ImageRow label={label} images={images} {...{ width, height, count, channels, planar }} columns={COLUMNS} />
            <p class="downloads">
              <button type="button" onClick={(event) => save(name, event.currentTarget)}>
                Save as PNG
              </button>
            </p>
          </div>
        ))}
      </div>
      <p class="reading">The same noise in all three: image for image, only where z is drawn from differs.</p>
    </>
  );
};

const COLUMN_NAMES = ['Sampler', 'ln q held out', 'Gain', 'Hole mass', 'Fréchet', 'Classifier', 'Time'];

const Samplers = ({ samplers, chosen }: { readonly samplers: readonly SamplerResult[]; readonly chosen: string }) => (
  <div class="scrolled">
    <table class="samplers">
      <caption>What each sampler is worth, on held-out codes</caption>
      <thead>
        <tr>
          {COLUMN_NAMES.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {samplers.map((each) => (
          <tr key={each.family} class={each.family === chosen ? 'chosen' : undefined}>
            <th scope="row">
              {each.name}
              {each.family === chosen && ' ✓ chosen'}
              {each.replays && ' (replays codes)'}
            </th>
            <td>{each.heldOutLogQ && short(each.heldOutLogQ.value)}</td>
            <td>{each.elboGain && gain(each.elboGain)}</td>
            <td>{each.holeMass && shown(each.holeMass.value, 'percent')}</td>
            <td>{each.frechet && short(each.frechet.value)}</td>
            <td>{each.c2st && shown(each.c2st.value, 'percent')}</td>
            <td>{each.seconds.toFixed(1)} s</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
