import type { ComponentChildren } from 'preact';
import type { Opened } from './session.js';
import { type ExplorerValues, explorer, type View } from './state.js';

const VIEW_NAMES: Readonly<Record<View, string>> = {
  dimensions: 'Two dimensions of z',
  components: 'Principal components',
  umap: 'UMAP of a sample',
};

export interface ControlsProps {
  readonly opened: Opened;
  readonly values: ExplorerValues;
  readonly axes: readonly [number, number];
  /** Axes in the order in which they are offered, with what is said of each. */
  readonly offered: readonly { readonly axis: number; readonly name: string }[];
  readonly colouring: string;
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly children: ComponentChildren;
}

const Field = ({ label, value, onChange, children }: FieldProps) => (
  <label class="pick">
    <span>{label}</span>
    <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {children}
    </select>
  </label>
);

/** What is drawn, on which plane, in which colours. */
export const Controls = ({ opened, values, axes, offered, colouring }: ControlsProps) => {
  const axisField = (label: string, name: 'across' | 'up', chosen: number, other: number) => (
    <Field label={label} value={String(chosen)} onChange={(value) => explorer.set({ [name]: Number(value) })}>
      {offered
        .filter(({ axis }) => axis !== other)
        .map(({ axis, name: text }) => (
          <option key={axis} value={axis}>
            {text}
          </option>
        ))}
    </Field>
  );
  const placesChange = { x: 0, y: 0, reach: 0, across: -1, up: -1, fixed: {} };
  return (
    <form class="picks" onSubmit={(event) => event.preventDefault()}>
      <Field
        label="Plane"
        value={values.view}
        onChange={(view) => explorer.set({ ...placesChange, view: view as View })}
      >
        {Object.entries(VIEW_NAMES).map(([view, text]) => (
          <option key={view} value={view}>
            {text}
          </option>
        ))}
      </Field>
      {values.view === 'umap' ? (
        <Embedding values={values} n={opened.n} />
      ) : (
        <>
          {axisField('Across', 'across', axes[0], axes[1])}
          {opened.latents > 1 && axisField('Up', 'up', axes[1], axes[0])}
          <Field
            label="Points"
            value={values.points}
            onChange={(points) => explorer.set({ points: points as ExplorerValues['points'] })}
          >
            <option value="means">means μ</option>
            <option value="draws">draws z = μ + σε</option>
          </Field>
        </>
      )}
      <Field
        label="Colour"
        value={colouring}
        onChange={(colour) => explorer.set({ colour: colour as ExplorerValues['colour'] })}
      >
        {opened.classes && <option value="label">label</option>}
        <option value="rate">rate, nats</option>
        <option value="ratio">r(z) = ln q(z) − ln p(z)</option>
      </Field>
      {values.view !== 'umap' && (
        <label class="tick">
          <input
            type="checkbox"
            checked={values.holes === 'on'}
            onChange={(event) => explorer.set({ holes: event.currentTarget.checked ? 'on' : 'off' })}
          />
          Holes of this plane
        </label>
      )}
    </form>
  );
};

const SIZES = [500, 1000, 2000, 5000, 10_000] as const;

const Embedding = ({ values, n }: { readonly values: ExplorerValues; readonly n: number }) => (
  <>
    <Field
      label="Codes"
      value={String(values.embedded)}
      onChange={(count) => explorer.set({ embedded: Number(count) })}
    >
      {[...new Set([...SIZES, values.embedded])]
        .sort((a, b) => a - b)
        .map((size) => (
          <option key={size} value={size}>
            {Math.min(size, n).toLocaleString('en')} of {n.toLocaleString('en')}
          </option>
        ))}
    </Field>
    <label class="pick">
      <span>Seed</span>
      <input
        type="number"
        min={0}
        max={4294967295}
        value={values.umap}
        onChange={(event) => explorer.set({ umap: event.currentTarget.valueAsNumber || 0 })}
      />
    </label>
  </>
);
