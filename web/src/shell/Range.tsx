export interface RangeProps {
  readonly label: string;
  /** What the value means, below the slider. */
  readonly note?: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** As it is written beside the label. */
  readonly shown?: string;
  readonly onInput: (value: number) => void;
}

/** A slider with its value beside its name. */
export const Range = ({ label, note, value, min, max, step, shown = String(value), onInput }: RangeProps) => (
  <label class="range">
    <span>{label}</span>
    <output>{shown}</output>
    {/* Of its own name: a label is of the first it holds that takes one, and that is the output. */}
    <input
      type="range"
      aria-label={label}
      value={value}
      min={min}
      max={max}
      step={step}
      onInput={(event) => onInput(event.currentTarget.valueAsNumber)}
    />
    {note && <small>{note}</small>}
  </label>
);
