import { useEffect, useState } from 'preact/hooks';
import { Figure } from '../../figures/Figure.js';
import { ImageRow } from '../../figures/ImageRow.js';
import type { Opened } from './session.js';
import { type ExplorerValues, explorer, FAMILIES } from './state.js';
import { zTable } from './tables.js';

const COUNT = 64;
const COLUMNS = 8;

const FAMILY_NAMES: Readonly<Record<(typeof FAMILIES)[number], string>> = {
  'full-gaussian': 'full Gaussian, fitted here',
  'mixture-10': 'mixture of 10 Gaussians, fitted here',
  mixture: 'mixture of 40 Gaussians, fitted here',
};

interface Kind {
  readonly z: Float32Array;
  readonly images: Float32Array;
}

interface Drawn {
  readonly prior: Kind;
  readonly fitted: Kind | undefined;
  readonly encoder: Kind;
  readonly rows: readonly number[];
  readonly labels: readonly number[] | undefined;
  /** Which sampler it was, as a caption says it. */
  readonly sampler: string;
}

type Tell = (share: number) => void;

/** The sampler of a file beside the run, or one fitted to its codes, as its ONNX model. */
const samplerOf = async ({ codes, samplers, n }: Opened, chosen: string, seed: number, tell: Tell) => {
  const file = samplers.find(({ path }) => path === chosen);
  if (file) return { ...(await file.load()), said: file.path };
  const { onnx, name, notes, n: fitted } = await codes.ask('fit', { family: chosen, seed }, { onShare: tell });
  const all = fitted === n ? 'all' : fitted.toLocaleString('en');
  const said = [`${name} fitted in this tab to ${all} codes (seed ${seed})`, ...notes].join('; ');
  return { bytes: onnx, name, said };
};

/** The prior, a fitted sampler and the encoder, from the same noise. */
export const Draws = ({ opened, values }: { readonly opened: Opened; readonly values: ExplorerValues }) => {
  const { codes, decoder, latents, image, samplers } = opened;
  const { draws: seed, seed: fitSeed } = values;
  const names = [...samplers.map(({ path }) => path), ...FAMILIES];
  const chosen = names.includes(values.sampler) ? values.sampler : names[0]!;
  const [drawn, setDrawn] = useState<Drawn | undefined>(undefined);
  const [share, setShare] = useState<number | undefined>(undefined);
  const [fault, setFault] = useState('');
  const [sampler, setSampler] = useState<{ readonly chosen: string; readonly said: string } | undefined>(undefined);

  useEffect(() => {
    let left = false;
    const load = async (): Promise<void> => {
      const { bytes, name, said } = await samplerOf(opened, chosen, fitSeed, (part) => !left && setShare(part));
      if (left) return;
      await decoder!.ask('sampler', { bytes, name });
      if (!left) setSampler({ chosen, said });
    };
    setFault('');
    load()
      .catch((error: Error) => !left && setFault(error.message))
      .finally(() => !left && setShare(undefined));
    return () => {
      left = true;
    };
  }, [opened, chosen, fitSeed]);

  useEffect(() => {
    if (!sampler) return;
    let left = false;
    const draw = async (): Promise<void> => {
      const { rows, labels, mu, sigma } = await codes.ask('some', { count: COUNT, seed });
      const made = await decoder!.ask('draws', { count: COUNT, seed, mu, sigma });
      if (!left) setDrawn({ ...made, rows, labels, sampler: sampler.said });
    };
    draw().catch((error: Error) => !left && setFault(error.message));
    return () => {
      left = true;
    };
  }, [opened, sampler, seed]);

  const grid = (label: string, kind: Kind | undefined, more?: (i: number) => string) => (
    <ImageRow
      label={label}
      images={kind?.images}
      count={COUNT}
      columns={COLUMNS}
      describe={(i) => (kind ? `z ${zText(kind.z, i, latents)}${more?.(i) ?? ''}` : '')}
      {...image!}
    />
  );
  const ofCode = (i: number): string =>
    drawn ? ` around code ${drawn.rows[i]}${drawn.labels ? `, label ${drawn.labels[i]}` : ''}` : '';
  return (
    <Figure
      title="Do draws of the prior look like draws of the encoder?"
      name="draws"
      table={() => drawsTable(drawn, latents)}
      caption={captionOf(drawn, share, fault, seed)}
    >
      <form class="picks" onSubmit={(event) => event.preventDefault()}>
        <button type="button" onClick={() => explorer.set({ draws: (seed + 1) % 0x100000000 })}>
          Draw another {COUNT}
        </button>
        <label class="pick">
          <span>Seed</span>
          <input
            type="number"
            min={0}
            max={0xffffffff}
            value={seed}
            onChange={(event) => explorer.set({ draws: event.currentTarget.valueAsNumber || 0 })}
          />
        </label>
        <label class="pick">
          <span>Sampler</span>
          <select value={chosen} onChange={(event) => explorer.set({ sampler: event.currentTarget.value })}>
            {names.map((name) => (
              <option key={name} value={name}>
                {FAMILY_NAMES[name as keyof typeof FAMILY_NAMES] ?? name}
              </option>
            ))}
          </select>
        </label>
      </form>
      <div class="three-grids">
        {grid('Prior, z = ε', drawn?.prior)}
        {grid('Fitted sampler', drawn?.fitted)}
        {grid('Encoder, z = μ + σε', drawn?.encoder, ofCode)}
      </div>
    </Figure>
  );
};

const zText = (z: Float32Array, i: number, latents: number): string =>
  `(${Array.from(z.subarray(i * latents, (i + 1) * latents), (value) => value.toFixed(2)).join(', ')})`;

const captionOf = (drawn: Drawn | undefined, share: number | undefined, fault: string, seed: number) => {
  if (fault !== '') return <span class="fault">{fault}</span>;
  if (share !== undefined) return `Fitting the sampler: ${Math.round(100 * share)}%`;
  if (!drawn) return 'Drawing…';
  return `The same ε of N(0, I) in the same place of each grid (seed ${seed}). Sampler: ${drawn.sampler}. Encoder: around ${COUNT} codes chosen by the seed.`;
};

const drawsTable = (drawn: Drawn | undefined, latents: number) => {
  const kinds = drawn ? (['prior', 'fitted', 'encoder'] as const).filter((name) => drawn[name]) : [];
  const tables = kinds.map((name) => zTable(drawn![name]!.z, latents, { name: 'draw', of: (i) => `${name} ${i}` }));
  return { header: tables[0]?.header ?? ['draw'], rows: tables.flatMap(({ rows }) => rows) };
};
