import '../../style/runs.css';
import { useEffect } from 'preact/hooks';
import type { RunRow } from '../../../../src/lab/server/contract.js';
import type { ImageGrid, RunResult, Study } from '../../../../src/lab/studies/study.js';
import { duration, integer, interval, withInterval } from '../../../../src/latent/numbers/index.js';
import { Chip } from '../../runs/Chip.js';
import { Command } from '../../runs/Command.js';
import { Grid } from '../../runs/Grid.js';
import { runs, startLive } from '../../runs/live.js';
import { kindOf, QUANTITIES } from '../../runs/look.js';
import { study as readStudy, studyFile } from '../../runs/source.js';
import { useRead } from '../../runs/useRead.js';
import { pageState } from '../../shell/address.js';
import { keyIn } from '../run/state.js';
import { Claims } from './Claims.js';
import { StudyCurves } from './StudyCurves.js';
import { seriesOf } from './series.js';

const studyState = pageState({ key: keyIn });

const SOURCES: Readonly<Record<ImageGrid['z'], string>> = {
  prior: 'z from N(0, I)',
  fitted: 'z from the fitted distribution',
  encoder: 'z from the encoder',
};
const ORDER = Object.keys(SOURCES);

/** Of the first seed of every regime that has a decoder: N(0, I), fitted and encoder side by side. */
const Images = ({ study, address }: { readonly study: Study; readonly address: string }) => {
  const shown = seriesOf(study).flatMap(
    (series) => series.runs.find(({ images, trained }) => images.length > 0 && trained.includes('decoder')) ?? [],
  );
  return (
    <section id="images">
      <h2>What do the decoders draw?</h2>
      <p class="note">
        The same noise in each place of each grid: what differs is where z comes from, and who decodes it.
      </p>
      {shown.map((run) => (
        <div key={run.name}>
          <h3 class="kind">
            {kindOf(run)}, seed {run.seed}
          </h3>
          <div class="grids-beside">
            {run.images
              .toSorted((a, b) => ORDER.indexOf(a.z) - ORDER.indexOf(b.z))
              .map(({ z, file }) => (
                <Grid key={z} label={SOURCES[z]} address={studyFile(address, file)} name={`${run.name}-${z}`} />
              ))}
          </div>
        </div>
      ))}
    </section>
  );
};

const RunLine = ({ run, row }: { readonly run: RunResult; readonly row: RunRow | undefined }) => (
  <tr>
    <th scope="row">{row ? <a href={`#/run?key=${row.key}`}>{run.name}</a> : run.name}</th>
    <td>
      <Chip word={run.state} />
      {row?.verdict && <Chip word={row.verdict} />}
    </td>
    {QUANTITIES.map(({ quantity }) => (
      <td key={quantity} class="number">
        {run.final && withInterval(interval([run.final[quantity]]))}
      </td>
    ))}
    <td class="number">{integer(run.steps)}</td>
    <td class="number">{duration(run.seconds)}</td>
  </tr>
);

const RunList = ({ study, address }: { readonly study: Study; readonly address: string }) => {
  const rows = runs.value?.runs.filter((run) => run.study === address) ?? [];
  return (
    <section id="runs">
      <h2>Which runs is it made of?</h2>
      <section class="wide" aria-label="Runs of the study">
        <table>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">State</th>
              {QUANTITIES.map(({ quantity, short }) => (
                <th key={quantity} scope="col" class="number">
                  {short}
                  <small>nats, 95% over images</small>
                </th>
              ))}
              <th scope="col" class="number">
                Steps
              </th>
              <th scope="col" class="number">
                Time
              </th>
            </tr>
          </thead>
          <tbody>
            {study.runs.map((run) => (
              <RunLine key={run.name} run={run} row={rows.find(({ folder }) => folder.endsWith(run.folder))} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
};

const StudyPage = () => {
  const { key } = studyState.read();
  const now = useRead(key, () => readStudy(key));
  useEffect(() => void startLive(), []);
  if (now.state === 'loading') return <p class="waiting">Reading the study…</p>;
  if (now.state === 'fault') {
    return (
      <div class="page">
        <h1>This study cannot be shown</h1>
        <p class="fault" role="alert">
          {key === '' ? 'The address names no study: expected #/study?key=…' : now.message}
        </p>
        <p>
          <a href="#/">All runs and studies</a>
        </p>
      </div>
    );
  }
  const study = now.value;
  const { data, machine, verdict } = study;
  const [first, ...rest] = verdict.split(/(?<=[a-z)]\.) (?=[A-Z])/);
  return (
    <div class="page">
      <p class="path">
        <a href="#/">Runs</a> / study
      </p>
      <h1 class="verdict">{first}</h1>
      {rest.length > 0 && <p class="lead">{rest.join(' ')}</p>}
      <p class="chips">
        <Chip word={study.state} />
        <Chip word="fact">{data.name}</Chip>
        <Chip word="fact">{study.preset}</Chip>
        <Chip word="fact">seeds {study.seeds.join(', ')}</Chip>
        <Chip word="fact">{study.epochs} epochs</Chip>
        <Chip word="fact">{study.runs.length} runs</Chip>
      </p>
      <Claims study={study} />
      <StudyCurves study={study} />
      <Images study={study} address={key} />
      <RunList study={study} address={key} />
      <section id="commands">
        <h2>How is this made again?</h2>
        <Command text={study.command} />
        <p class="note">
          {integer(data.train)} images to train, {integer(data.test)} to test, SHA-256 {data.sha256}. Started{' '}
          {study.started}, took {duration(study.seconds)} on {machine.cpu}, {machine.cores} cores, {machine.platform};{' '}
          {Object.entries(study.versions)
            .map(([name, version]) => `${name} ${version}`)
            .join(', ')}
          .
        </p>
      </section>
    </div>
  );
};

export default StudyPage;
