/** The codes and the decoder that the explorer has open, and the workers that hold them. */
import { signal } from '@preact/signals';
import type { RunDetail } from '../../../../src/lab/server/contract.js';
import { fileBytes, runDetail, runFile } from '../../runs/source.js';
import { type Asker, askerOf } from './threads/asking.js';
import type { CodesAnswers } from './threads/codesWorker.js';
import type { DecoderAnswers } from './threads/decoderWorker.js';
import type { NamedBytes } from './threads/opened.js';

/** What can be opened: of a run, or files of this device. */
export interface Source {
  readonly title: string;
  readonly codes: NamedBytes;
  readonly labels?: NamedBytes;
  readonly decoder?: NamedBytes;
  /** Sampler models that lie beside it. */
  readonly samplers: readonly { readonly path: string; readonly load: () => Promise<NamedBytes> }[];
}

export interface Opened extends Pick<Source, 'title' | 'samplers'> {
  readonly codes: Asker<CodesAnswers>;
  readonly decoder?: Asker<DecoderAnswers>;
  readonly n: number;
  readonly latents: number;
  /** Nats, by dimension. */
  readonly dimensionRate: readonly number[];
  /** Units with Var_i(mu_id) above 0.01. */
  readonly active: number;
  /** Labels that occur, ascending. */
  readonly classes: readonly number[] | undefined;
  readonly image?: { readonly width: number; readonly height: number; readonly channels: number };
  readonly runtime?: string;
  /** Why there is no decoder, where there might be one. */
  readonly withoutDecoder?: string;
}

export type Phase =
  | { readonly name: 'choose' }
  | { readonly name: 'loading'; readonly what: string }
  | { readonly name: 'fault'; readonly message: string; readonly hint?: string }
  | { readonly name: 'open'; readonly opened: Opened };

export const phase = signal<Phase>({ name: 'choose' });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

let opening = 0;
let close: (() => void) | undefined;

/** Forgets what is open. */
export const leave = (): void => {
  opening++;
  close?.();
  close = undefined;
  phase.value = { name: 'choose' };
};

/** Opens what `load` brings, unless something else is opened meanwhile. */
const open = async (load: () => Promise<Source>, what: string, seed: number, hint?: string): Promise<void> => {
  leave();
  const mine = opening;
  phase.value = { name: 'loading', what };
  const codes = askerOf<CodesAnswers>(
    new Worker(new URL('./threads/codesWorker.ts', import.meta.url), { type: 'module', name: 'codes' }),
  );
  const decoder = askerOf<DecoderAnswers>(
    new Worker(new URL('./threads/decoderWorker.ts', import.meta.url), { type: 'module', name: 'decoder' }),
  );
  const end = (): void => {
    codes.end();
    decoder.end();
  };
  close = end;
  try {
    const source = await load();
    const { title, samplers, labels } = source;
    const told = { ...source.codes, seed, ...(labels && { labels }) };
    const facts = await codes.ask('open', told, { transfer: [source.codes.bytes.buffer as ArrayBuffer] });
    const decoding = source.decoder ? await openDecoder(decoder, source.decoder, facts.latents) : {};
    if (mine !== opening) return;
    const { n, latents, dimensionRate, active, classes } = facts;
    phase.value = {
      name: 'open',
      opened: { title, samplers, codes, n, latents, dimensionRate, active, classes, ...decoding },
    };
  } catch (error) {
    end();
    if (mine === opening) phase.value = { name: 'fault', message: messageOf(error), ...(hint && { hint }) };
  }
};

const openDecoder = async (decoder: Asker<DecoderAnswers>, source: NamedBytes, latents: number) => {
  try {
    const { runtime, ...image } = await decoder.ask('open', { ...source, latents });
    return { decoder, image, runtime };
  } catch (error) {
    return { withoutDecoder: messageOf(error) };
  }
};

const DECODER = 'models/decoder.onnx';

/** A file of the lab that a run need not have. */
const perhaps = async (address: string): Promise<Uint8Array | undefined> => {
  try {
    return await fileBytes(address);
  } catch {
    return undefined;
  }
};

const sourceOf = async (key: string): Promise<Source> => {
  const detail: RunDetail = await runDetail(key);
  const codes = await fileBytes(`api/runs/${key}/codes.npy`);
  const labels = await perhaps(`api/runs/${key}/labels.npy`);
  const paths = detail.files.map(({ path }) => path);
  const load = async (path: string): Promise<NamedBytes> => ({
    bytes: await fileBytes(runFile(key, path)),
    name: path,
  });
  return {
    title: detail.name,
    codes: { bytes: codes, name: 'codes.npy' },
    ...(labels && { labels: { bytes: labels, name: 'labels.npy' } }),
    ...(paths.includes(DECODER) && { decoder: await load(DECODER) }),
    samplers: paths
      .filter((path) => /(^|\/)sampler\.onnx$/.test(path))
      .map((path) => ({ path, load: () => load(path) })),
  };
};

export const openRun = (key: string, seed: number): Promise<void> =>
  open(() => sourceOf(key), 'the codes of the run', seed, 'A run has codes once it has ended.');

export interface LocalFiles {
  readonly codes: File;
  readonly decoder?: File | undefined;
  readonly labels?: File | undefined;
}

const read = async (file: File): Promise<NamedBytes> => ({
  bytes: new Uint8Array(await file.arrayBuffer()),
  name: file.name,
});

/** Files of this device, which stay on it. */
export const openFiles = ({ codes, decoder, labels }: LocalFiles, seed: number): Promise<void> =>
  open(
    async () => ({
      title: codes.name,
      codes: await read(codes),
      ...(decoder && { decoder: await read(decoder) }),
      ...(labels && { labels: await read(labels) }),
      samplers: [],
    }),
    codes.name,
    seed,
  );
