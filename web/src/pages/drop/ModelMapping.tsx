import type { ModelFindings, ModelPort } from '../../../../src/latent/audit/index.js';
import { LAYOUTS, RANGES, ROLES, type Role } from '../../../../src/latent/models/index.js';
import type { Looked } from '../../dropped/messages.js';
import { told } from './session.js';

const WAYS: Readonly<Record<NonNullable<ModelPort['by']>, string>> = {
  option: 'as you say',
  name: 'by its name',
  values: 'by size and values',
};
const LIKELIHOODS = [
  'bernoulli-logits',
  'bernoulli',
  'gaussian',
  'gaussian:0.1',
  'gaussian:0.25',
  'gaussian:0.5',
  'gaussian:1',
];

export interface MappingProps {
  readonly looked: Looked;
  readonly onChange: () => void;
}

/** What was recognised of files and models, to be confirmed or said otherwise. */
export const Mapping = ({ looked, onChange }: MappingProps) => (
  <section aria-label="What was recognised" class="mapping">
    <h2>What was recognised?</h2>
    <p>
      Audited: {looked.codes}. Held out: {looked.heldOut}.
    </p>
    {looked.model && <ModelPorts model={looked.model} onChange={onChange} />}
    {looked.notes.length > 0 && (
      <ul class="notes" aria-label="Warnings">
        {looked.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    )}
  </section>
);

interface ChoiceProps {
  readonly label: string;
  readonly found: string;
  readonly value: string | undefined;
  readonly options: readonly string[];
  readonly onChange: (value: string | undefined) => void;
}

const Choice = ({ label, found, value, options, onChange }: ChoiceProps) => (
  <label class="choose">
    <span>{label}</span>
    <select value={value ?? ''} onChange={(event) => onChange(event.currentTarget.value || undefined)}>
      <option value="">{found} (recognised)</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  </label>
);

const ModelPorts = ({ model, onChange }: { readonly model: ModelFindings; readonly onChange: () => void }) => {
  const { encoder, decoder, images, likelihood, reading } = model;
  const say = (changes: Partial<typeof told.value>): void => {
    told.value = { ...told.value, ...changes };
    onChange();
  };
  /** All roles are said as soon as one is: a scale alone says nothing. */
  const sayOutput = (name: string, role: string | undefined): void => {
    const outputs = Object.fromEntries(
      encoder.outputs.flatMap((port): [string, Role][] => {
        const next = port.name === name ? role : port.role;
        return next ? [[port.name, next as Role]] : [];
      }),
    );
    say({ outputs: role === undefined ? {} : outputs });
  };
  return (
    <>
      <table class="ports">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">takes, gives</th>
            <th scope="col">Role</th>
          </tr>
        </thead>
        <tbody>
          {encoder.inputs.map((port) => (
            <PortRow key={port.name} model={encoder.name} port={port} takes meaning="images" />
          ))}
          {encoder.outputs.map((port) => (
            <tr key={port.name}>
              <td>{encoder.name}</td>
              <td>
                → <code>{port.name}</code> {port.shown}
              </td>
              <td>
                <select
                  aria-label={`Role of ${port.name}`}
                  value={told.value.outputs[port.name] ?? ''}
                  onChange={(event) => sayOutput(port.name, event.currentTarget.value || undefined)}
                >
                  <option value="">{port.role ? `${port.role}, ${WAYS[port.by ?? 'name']}` : 'not used'}</option>
                  {ROLES.filter((role) => role !== 'image').map((role) => (
                    <option key={role} value={role}>
                      {role}
                    </option>
                  ))}
                </select>
              </td>
            </tr>
          ))}
          {decoder?.inputs.map((port) => (
            <PortRow key={port.name} model={decoder.name} port={port} takes meaning="codes z" />
          ))}
          {decoder?.outputs.map((port) => (
            <PortRow key={port.name} model={decoder.name} port={port} meaning={port.role ?? 'not used'} />
          ))}
        </tbody>
      </table>
      <div class="choices">
        <Choice
          label="Layout of images"
          found={images.layout}
          value={told.value.layout}
          options={LAYOUTS}
          onChange={(layout) => say({ layout })}
        />
        <Choice
          label={`Range fed (the file has ${images.own})`}
          found={images.fed}
          value={told.value.range}
          options={RANGES}
          onChange={(range) => say({ range })}
        />
        {likelihood && (
          <Choice
            label="The decoder gives"
            found={likelihood.text}
            value={told.value.likelihood}
            options={LIKELIHOODS}
            onChange={(text) => say({ likelihood: text })}
          />
        )}
      </div>
      {reading && reading.consistent === reading.used && <p class="reading">{reading.text}</p>}
    </>
  );
};

interface PortRowProps {
  readonly model: string;
  readonly port: ModelPort;
  readonly meaning: string;
  readonly takes?: boolean;
}

const PortRow = ({ model, port, meaning, takes = false }: PortRowProps) => (
  <tr>
    <td>{model}</td>
    <td>
      {takes ? '←' : '→'} <code>{port.name}</code> {port.shown}
    </td>
    <td>{meaning}</td>
  </tr>
);
