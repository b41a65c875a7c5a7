import type { RunDetail } from '../../../../src/lab/server/contract.js';
import { duration } from '../../../../src/latent/numbers/index.js';
import { Command } from '../../runs/Command.js';
import { configurationOf, type Settings, settingsOf } from '../../runs/settings.js';

const Facts = ({ facts }: { readonly facts: Settings }) => (
  <dl class="facts-list">
    {facts.map(([name, text]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{text}</dd>
      </div>
    ))}
  </dl>
);

/** Of the record, where it has them: hashes of what went in, versions, sources, machine. */
const provenanceOf = ({ record, seed, started, seconds, folder }: RunDetail): Settings => [
  ['folder', folder],
  ['seed', String(seed)],
  ...(started === '' ? [] : ([['started', started]] as const)),
  ['took', duration(seconds)],
  ...['inputs', 'versions', 'git', 'machine'].flatMap((name) =>
    record[name] === undefined || record[name] === null ? [] : settingsOf(record[name], name),
  ),
];

export const Provenance = ({ run }: { readonly run: RunDetail }) => {
  const { folder } = run;
  return (
    <>
      <section id="configuration" class="pair">
        <div>
          <h2>What was it told?</h2>
          <Facts facts={configurationOf({ ...run })} />
        </div>
        <div>
          <h2>Where do the numbers come from?</h2>
          <Facts facts={provenanceOf(run)} />
        </div>
      </section>
      <section id="commands">
        <h2>How is this made again?</h2>
        <p class="note">
          From the folder that this lab looks at. The same seed, data and threads give the same numbers.
        </p>
        <Command text={`npx zdist train --config ${folder}/config.yaml --out ${folder}-again`} />
        <Command text={`npx zdist audit ${folder} --out ${folder}/audit`} />
        <Command text={`npx zdist repair ${folder} --out ${folder}/repair`} />
      </section>
    </>
  );
};
