import { useEffect, useState } from 'preact/hooks';
import { linearPath, sphericalPath } from '../../../../src/latent/codes/index.js';
import { Figure } from '../../figures/Figure.js';
import { ImageRow } from '../../figures/ImageRow.js';
import type { Opened } from './session.js';
import { type ExplorerValues, explorer } from './state.js';
import { zTable } from './tables.js';
import type { AboutCode, At } from './usePoint.js';

const STEPS = 11;
/** Standard deviations of the prior that a traverse goes to. */
const FAR = 3;
const OFFSETS = Array.from({ length: STEPS }, (_, i) => -FAR + (2 * FAR * i) / (STEPS - 1));

interface Strip {
  readonly z: Float32Array;
  readonly images: Float32Array;
}

/** Images of rows of z that `make` gives, made again when what it depends on changes. */
const useStrip = (opened: Opened, make: () => Promise<Float32Array | undefined>, on: readonly unknown[]) => {
  const [strip, setStrip] = useState<Strip | undefined>(undefined);
  useEffect(() => {
    let left = false;
    const draw = async (): Promise<void> => {
      const z = await make();
      const drawn = z && { z, ...(await opened.decoder!.ask('decode', { z })) };
      if (!left) setStrip(drawn);
    };
    draw().catch(() => !left && setStrip(undefined));
    return () => {
      left = true;
    };
  }, [opened, ...on]);
  return strip;
};

export interface BetweenProps {
  readonly opened: Opened;
  readonly values: ExplorerValues;
  readonly ends: readonly [AboutCode, AboutCode] | undefined;
}

const nameOf = ({ code, label }: AboutCode): string => `code ${code}${label === undefined ? '' : ` (${label})`}`;

const lengthOf = (z: Float32Array): number => Math.hypot(...z);

/** From one code to another. */
export const Between = ({ opened, values, ends }: BetweenProps) => {
  const [from, to] = ends ?? [];
  const path = values.path === 'linear' ? linearPath : sphericalPath;
  const strip = useStrip(opened, async () => (from && to ? path(from.mu, to.mu, STEPS) : undefined), [
    from?.code,
    to?.code,
    values.path,
  ]);
  const middle = strip?.z.subarray(5 * opened.latents, 6 * opened.latents);
  return (
    <Figure
      title="What lies between two codes?"
      name="between"
      table={() => zTable(strip?.z, opened.latents, { name: 't', of: (i) => i / (STEPS - 1) })}
      caption={
        from && to && middle ? (
          <>
            From {nameOf(from)} to {nameOf(to)} in {STEPS} steps, {values.path}. |z| at the ends{' '}
            {lengthOf(from.mu).toFixed(2)} and {lengthOf(to.mu).toFixed(2)}, in the middle {lengthOf(middle).toFixed(2)}
            .
          </>
        ) : (
          'No such code: choose “Pick two codes” above, then click one code and another.'
        )
      }
    >
      <Choice
        legend="Path"
        name="path"
        options={['spherical', 'linear'] as const}
        chosen={values.path}
        onChoose={(chosen) => explorer.set({ path: chosen })}
      />
      {strip && <ImageRow label="Path" images={strip.images} count={STEPS} columns={STEPS} {...opened.image!} />}
    </Figure>
  );
};

interface ChoiceProps<T extends string> {
  readonly legend: string;
  readonly name: string;
  readonly options: readonly T[];
  readonly chosen: T;
  readonly onChoose: (option: T) => void;
}

const Choice = <T extends string>({ legend, name, options, chosen, onChoose }: ChoiceProps<T>) => (
  <fieldset class="choices">
    <legend>{legend}</legend>
    {options.map((option) => (
      <label key={option}>
        <input type="radio" name={name} checked={option === chosen} onChange={() => onChoose(option)} />
        {option}
      </label>
    ))}
  </fieldset>
);

export interface TraverseProps {
  readonly opened: Opened;
  readonly values: ExplorerValues;
  readonly at: At | undefined;
  readonly offered: readonly { readonly axis: number; readonly name: string }[];
}

/** Along one coordinate, the others as they are at the point. */
export const Traverse = ({ opened, values, at, offered }: TraverseProps) => {
  const axis = offered.some((each) => each.axis === values.along) ? values.along : offered[0]!.axis;
  const strip = useStrip(
    opened,
    async () => at && opened.codes.ask('traverse', { coordinates: at.coordinates, axis, values: OFFSETS }),
    [at?.coordinates, axis],
  );
  return (
    <Figure
      title="What does one coordinate say?"
      name="traverse"
      table={() => zTable(strip?.z, opened.latents, { name: 'coordinate', of: (i) => OFFSETS[i]! })}
      caption={`${offered.find((each) => each.axis === axis)?.name} from −${FAR}σ to ${FAR}σ of the prior, in steps of ${(OFFSETS[1]! + FAR).toFixed(1)}; all others as at the point.`}
    >
      <label class="pick">
        <span>Coordinate</span>
        <select value={axis} onChange={(event) => explorer.set({ along: Number(event.currentTarget.value) })}>
          {offered.map((each) => (
            <option key={each.axis} value={each.axis}>
              {each.name}
            </option>
          ))}
        </select>
      </label>
      {strip && <ImageRow label="−3σ … 3σ" images={strip.images} count={STEPS} columns={STEPS} {...opened.image!} />}
    </Figure>
  );
};
