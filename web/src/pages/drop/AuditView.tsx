import { type AuditResult, statedMeasures } from '../../../../src/latent/audit/index.js';
import { download } from '../../figures/save.js';
import { useWidth } from '../../figures/useWidth.js';
import { DimensionFigure } from './DimensionFigure.js';
import { HoleMapFigure } from './HoleMapFigure.js';
import { StatisticsTable } from './StatisticsTable.js';

export const saveJson = (name: string, value: unknown): void =>
  download(name, new Blob([`${JSON.stringify(value, null, 2)}\n`], { type: 'application/json' }));

/** The verdict in large type, its reasons, every statistic, and the figures. */
export const AuditView = ({ result }: { readonly result: AuditResult }) => {
  const [box, width] = useWidth<HTMLDivElement>();
  const { train, test, latents } = result.codes;
  const figure = width > 900 ? Math.floor((width - 32) / 2) : width;
  return (
    <section aria-label="Audit" class="result">
      <p class={`verdict ${result.verdict}`}>{result.verdict}</p>
      <p class="summary">{result.summary}</p>
      <ol class="reasons">
        {result.reasons.map(({ statistic, text }) => (
          <li key={statistic}>{text}</li>
        ))}
      </ol>
      <p class="basis">
        {train.n.toLocaleString('en')} codes to fit to, {test.n.toLocaleString('en')} held out, {latents} latents, seed{' '}
        {result.seed}, {result.seconds.toFixed(1)} s.{' '}
        <button type="button" class="link" onClick={() => saveJson('audit.json', statedMeasures(result))}>
          Save audit.json
        </button>
      </p>
      {result.notes.length > 0 && (
        <ul class="notes">
          {result.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <StatisticsTable result={result} />
      <p class="reading">
        Grey: the middle 95% and 50% of the same statistic for sets of true N(0, I) draws, as many as there are codes.
        The diamond is this model; two strokes beside it mean that it lies far off.
      </p>
      <div ref={box} class="pair">
        {width > 0 && <DimensionFigure result={result} width={figure} />}
        {width > 0 && <HoleMapFigure result={result} width={figure} />}
      </div>
    </section>
  );
};
