import type { Measured } from '../../../../src/latent/audit/index.js';
import { withError } from '../../../../src/latent/audit/reading/index.js';
import type { RepairResult, SamplerResult } from '../../../../src/latent/repair/index.js';
import { saveCsv, type Table } from '../../figures/save.js';
import { Chip } from '../../runs/Chip.js';
import { Command } from '../../runs/Command.js';

const MEASURES = [
  { id: 'elboGain', title: 'Gain', unit: 'nats of ELBO' },
  { id: 'heldOutLogQ', title: 'ln q̂ of codes', unit: 'nats' },
  { id: 'holeMass', title: 'Hole mass', unit: 'share of draws', form: 'percent' },
  { id: 'frechet', title: 'Fréchet distance', unit: 'squared, of features' },
  { id: 'c2st', title: 'Told from codes', unit: 'share; a guess is 50%', form: 'percent' },
] as const;
type MeasureName = (typeof MEASURES)[number]['id'];

const measure = (sampler: SamplerResult, id: MeasureName): Measured | undefined => sampler[id];

const table = ({ samplers }: RepairResult): Table => ({
  header: ['sampler', ...MEASURES.flatMap(({ id }) => [id, `${id}_se`, `${id}_n`])],
  rows: samplers.map((sampler) => [
    sampler.name,
    ...MEASURES.flatMap(({ id }) => {
      const found = measure(sampler, id);
      return [found?.value ?? null, found?.se ?? null, found?.n ?? null];
    }),
  ]),
});

/** What each sampler of z is worth, N(0, I) first. */
export const RepairPanel = ({
  repair,
  folder,
}: {
  readonly repair: RepairResult | undefined;
  readonly folder: string;
}) => (
  <section id="repair">
    <h2>Where should z be drawn from?</h2>
    {repair ? (
      <>
        <p>
          <Chip word={repair.verdict} /> {repair.summary}. {repair.why}
        </p>
        <section class="wide" aria-label="Samplers">
          <table>
            <thead>
              <tr>
                <th scope="col">z drawn from</th>
                {MEASURES.map(({ id, title, unit }) => (
                  <th key={id} scope="col" class="number">
                    {title}
                    <small>{unit}</small>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {repair.samplers.map((sampler) => (
                <tr key={sampler.family} class={sampler.family === repair.chosen ? 'best' : undefined}>
                  <th scope="row">
                    {sampler.name}
                    {sampler.family === repair.chosen && <small>chosen</small>}
                    {sampler.replays && <small>replays training codes</small>}
                  </th>
                  {MEASURES.map((each) => {
                    const found = measure(sampler, each.id);
                    const form = 'form' in each ? each.form : undefined;
                    return (
                      <td key={each.id} class="number">
                        {found && withError(found, form)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <p class="downloads">
          <button type="button" onClick={() => saveCsv('repair', table(repair))}>
            Save as CSV
          </button>
        </p>
      </>
    ) : (
      <>
        <p>No repair lies with this run. This fits samplers to its codes, and says what each is worth:</p>
        <Command text={`npx zdist repair ${folder} --out ${folder}/repair`} />
      </>
    )}
  </section>
);
