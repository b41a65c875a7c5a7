/** Ways of measured codes over the plane: the probe images of a run, at each of its evaluations. */
import { type ProbePath, planeKl, probePaths } from '../../../../src/latent/theory/index.js';
import { runDetail, runMetrics } from '../../runs/source.js';

export interface MeasuredPaths {
  readonly name: string;
  readonly regime: string;
  readonly latents: number;
  /** Steps at which codes were measured. */
  readonly at: readonly number[];
  readonly paths: readonly ProbePath[];
  /** Mean KL of the paths at each of them, nats per dimension. */
  readonly kl: readonly number[];
}

const floats = (text: string): Float32Array =>
  new Float32Array(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer);

/** Throws: Error where the run cannot be read, or kept no codes of probe images. */
export const measuredPaths = async (key: string): Promise<MeasuredPaths> => {
  const [{ name, regime, latents }, { probes }] = await Promise.all([runDetail(key), runMetrics(key)]);
  if (probes.length === 0) throw new Error(`${name}: expected codes of probe images over training, got none`);
  const data = Float32Array.from(probes.flatMap(({ mu, sigma }) => [...floats(mu), ...floats(sigma)]));
  const images = floats(probes[0]!.mu).length / latents;
  const paths = probePaths({ data, shape: [probes.length, 2, images, latents] });
  const kl = probes.map(
    (_, i) => paths.reduce((sum, { mu, sigma }) => sum + planeKl(mu[i]!, sigma[i]!), 0) / paths.length,
  );
  return { name, regime, latents, at: probes.map(({ step }) => step), paths, kl };
};

/** Values at evaluations up to a share of all steps, and between the last two of them in proportion. */
export const upTo = (at: readonly number[], values: readonly number[], share: number): number[] => {
  const step = share * at.at(-1)!;
  const next = at.findIndex((each) => each > step);
  if (next === -1) return [...values];
  const [from, to] = [at[next - 1]!, at[next]!];
  const part = (step - from) / (to - from);
  return [...values.slice(0, next), values[next - 1]! + part * (values[next]! - values[next - 1]!)];
};
