import { Range } from '../../shell/Range.js';
import { type ExplorerValues, explorer } from './state.js';

/** Sliders that stand open; the others are below. */
const OPEN = 6;
const REACH = 4;

export interface SlidersProps {
  readonly values: ExplorerValues;
  /** All but those of the plane. */
  readonly offered: readonly { readonly axis: number; readonly name: string }[];
  readonly coordinates: Float32Array | undefined;
}

/** The coordinates that the plane does not show: those of the nearest code or 0, until a slider holds them. */
export const Sliders = ({ values: { rest, fixed }, offered, coordinates }: SlidersProps) => {
  if (offered.length === 0) return null;
  const slider = ({ axis, name }: { readonly axis: number; readonly name: string }) => {
    const value = fixed[axis] ?? coordinates?.[axis] ?? 0;
    return (
      <Range
        key={axis}
        label={name}
        min={-REACH}
        max={REACH}
        step={0.05}
        value={value}
        shown={`${value.toFixed(2)}${axis in fixed ? ' held' : ''}`}
        onInput={(held) => explorer.set({ fixed: { ...fixed, [axis]: held } })}
      />
    );
  };
  return (
    <form class="sliders" onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend>Other coordinates of z</legend>
        <div class="choices">
          {(['code', 'zero'] as const).map((name) => (
            <label key={name}>
              <input type="radio" name="rest" checked={rest === name} onChange={() => explorer.set({ rest: name })} />
              {name === 'code' ? 'of the nearest code' : '0'}
            </label>
          ))}
          <button type="button" disabled={Object.keys(fixed).length === 0} onClick={() => explorer.set({ fixed: {} })}>
            Let go
          </button>
        </div>
      </fieldset>
      {offered.slice(0, OPEN).map(slider)}
      {offered.length > OPEN && (
        <details>
          <summary>{offered.length - OPEN} more</summary>
          {offered.slice(OPEN).map(slider)}
        </details>
      )}
    </form>
  );
};
