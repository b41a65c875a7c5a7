/** Codes and labels out of .npy files. */
import { InputError } from '../../../../../src/engine/errors/index.js';
import type { Posteriors } from '../../../../../src/latent/audit/index.js';
import { readNpy } from '../../../../../src/vae/data/arrays/index.js';

export interface NamedBytes {
  readonly bytes: Uint8Array;
  /** As messages say it. */
  readonly name: string;
}

/**
 * Codes as the lab has them, [N, 2, D]: mu, then sigma.
 *
 * Throws: InputError for another shape or type, for values that are not finite, and a sigma that is not above 0.
 */
const posteriorsOf = ({ bytes, name }: NamedBytes): Posteriors => {
  const { data, shape } = readNpy(bytes, name);
  const [n = 0, two, latents = 0] = shape;
  if (shape.length !== 3 || two !== 2 || n < 2 || latents < 1) {
    throw new InputError(
      `${name}: expected codes of shape [images, 2, latents], mu then sigma of 2 images and more, got [${shape.join(', ')}]`,
    );
  }
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw new InputError(`${name}: expected floats, got whole numbers`);
  }
  const mu = new Float32Array(n * latents);
  const sigma = new Float32Array(n * latents);
  for (let i = 0; i < n; i++) {
    const at = 2 * i * latents;
    mu.set(data.subarray(at, at + latents), i * latents);
    sigma.set(data.subarray(at + latents, at + 2 * latents), i * latents);
  }
  refuse(name, 'finite mu', mu, latents, (value) => !Number.isFinite(value));
  refuse(name, 'finite sigma above 0', sigma, latents, (value) => !(value > 0 && Number.isFinite(value)));
  return { mu, sigma, n, latents };
};

const refuse = (
  name: string,
  expected: string,
  values: Float32Array,
  latents: number,
  wrong: (value: number) => boolean,
): void => {
  const at = values.findIndex(wrong);
  if (at < 0) return;
  const place = `row ${Math.floor(at / latents)}, latent ${at % latents}`;
  throw new InputError(`${name}: expected ${expected}, got ${values[at]} in ${place}`);
};

/** Throws: InputError unless there is one label of 0 … 255 a code. */
const labelsOf = ({ bytes, name }: NamedBytes, n: number): Uint8Array => {
  const { data, shape } = readNpy(bytes, name);
  if (shape.length !== 1 || data.length !== n) {
    throw new InputError(`${name}: expected ${n} labels, one a code, got shape [${shape.join(', ')}]`);
  }
  return Uint8Array.from({ length: n }, (_, i) => {
    const label = Number(data[i]);
    if (Number.isInteger(label) && label >= 0 && label < 256) return label;
    throw new InputError(`${name}: expected whole numbers of 0 … 255, got ${label} in row ${i}`);
  });
};

export const splitCodes = (codes: NamedBytes, labels?: NamedBytes) => {
  const opened = posteriorsOf(codes);
  return { codes: opened, labels: labels && labelsOf(labels, opened.n) };
};
