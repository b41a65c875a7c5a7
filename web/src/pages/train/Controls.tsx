import { Range } from '../../shell/Range.js';
import { nameOf } from './session.js';
import { DEVICES, ESTIMATORS, MODELS, modelOf, REGIMES, state, type TrainValues } from './state.js';

export interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly T[];
  readonly words?: (option: T) => string;
  readonly onChange: (value: T) => void;
}

export const Select = <T extends string>({
  label,
  value,
  options,
  words = (option) => option,
  onChange,
}: SelectProps<T>) => (
  <label class="field">
    <span>{label}</span>
    <select value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
      {options.map((option) => (
        <option key={option} value={option}>
          {words(option)}
        </option>
      ))}
    </select>
  </label>
);

interface NumberProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number | 'any';
  readonly onChange: (value: number) => void;
}

export const NumberField = ({ label, value, min, max, step = 1, onChange }: NumberProps) => (
  <label class="field">
    <span>{label}</span>
    <input
      type="number"
      {...{ value, min, max, step }}
      onChange={(event) => event.currentTarget.validity.valid && onChange(event.currentTarget.valueAsNumber)}
    />
  </label>
);

const DEVICE_WORDS = {
  auto: 'what there is',
  wasm: 'WebAssembly',
  webgpu: 'WebGPU',
};

/** What is trained, in the order of the data's way: data, encoder, z, decoder, loss, who learns. */
export const Controls = ({ values, locked }: { readonly values: TrainValues; readonly locked: boolean }) => {
  const model = modelOf(values.model);
  return (
    <fieldset class="settings" disabled={locked}>
      <Select
        label="Model"
        value={values.model}
        options={MODELS}
        onChange={(name) => state.set({ model: name, latents: 0, hidden: '', rate: 0, across: 0, up: 1 })}
      />
      <small>Hidden layers of {values.hidden || model.hidden.join(', ')}; the decoder mirrors them.</small>
      <NumberField
        label="Latents"
        value={values.latents || model.latents}
        min={2}
        max={256}
        onChange={(latents) => state.set({ latents, across: 0, up: 1 })}
      />
      <Select
        label="KL"
        value={values.kl}
        options={ESTIMATORS}
        words={(kl) => (kl === 'mc' ? 'Monte Carlo' : 'analytic')}
        onChange={(kl) => state.set({ kl })}
      />
      <Select
        label="Who learns"
        value={values.regime}
        options={REGIMES}
        words={(regime) => nameOf({ regime, kl: 'analytic' }).replace(', analytic KL', '')}
        onChange={(regime) => state.set({ regime })}
      />
      <NumberField
        label="Learning rate"
        value={values.rate || model.optimizer.lr}
        min={0.00001}
        max={1}
        step="any"
        onChange={(rate) => state.set({ rate })}
      />
      <NumberField
        label="β (weight of rate)"
        value={values.beta}
        min={0}
        max={1000}
        step="any"
        onChange={(beta) => state.set({ beta })}
      />
      <NumberField
        label="Epochs"
        value={values.epochs}
        min={1}
        max={200}
        onChange={(epochs) => state.set({ epochs })}
      />
      <NumberField label="Seed" value={values.seed} min={0} max={0xffffffff} onChange={(seed) => state.set({ seed })} />
      <Select
        label="Runs on"
        value={values.device}
        options={DEVICES}
        words={(device) => DEVICE_WORDS[device]}
        onChange={(device) => state.set({ device })}
      />
    </fieldset>
  );
};

export const Pace = ({ pace, onPace }: { readonly pace: number; readonly onPace: (pace: number) => void }) => (
  <Range label="Steps between pictures" value={pace} min={1} max={100} step={1} onInput={onPace} />
);
