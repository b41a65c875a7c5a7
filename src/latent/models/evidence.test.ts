import { describe, expect, it } from 'vitest';
import { keyedStream } from '../../engine/random/index.js';
import { checkReading } from './reading.js';
import { placesOf, rowsOfPlaces, spatialFindings } from './spatial.js';

const normals = (n: number, stream: number): Float32Array => {
  const out = new Float32Array(n);
  keyedStream(7, 'test', stream).fillNormal(out);
  return out;
};

describe('a standard deviation or a variance', () => {
  const [n, latents] = [2000, 3];
  const mu = normals(n * latents, 1).map((value) => 0.9 * value);
  const sigma = normals(n * latents, 2).map((value) => 0.3 * Math.exp(0.2 * value));
  const z = normals(n * latents, 3).map((value, i) => mu[i]! + sigma[i]! * value);
  const values = { mu, n, latents, output: 's' };

  it('is told by the encoder’s own draws, whatever it is called', async () => {
    const right = await checkReading({ ...values, scale: sigma, used: 'sigma', z });
    expect(right).toMatchObject({ used: 'sigma', consistent: 'sigma', by: 'draws' });
    const { analytic, monteCarlo } = right.evidence[0]!;
    expect(Math.abs(analytic.value - monteCarlo!.value)).toBeLessThan(4 * monteCarlo!.se!);
    const wrong = await checkReading({ ...values, scale: sigma, used: 'var', z });
    expect(wrong).toMatchObject({ used: 'var', consistent: 'sigma' });
    expect(wrong.text).toMatch(
      /was read as a variance, but is consistent with a standard deviation.*--outputs sigma=s/,
    );
    const logs = { scale: sigma.map((s) => 2 * Math.log(s)), z };
    expect(await checkReading({ ...values, ...logs, used: 'log_var' })).toMatchObject({ consistent: 'log_var' });
    expect(await checkReading({ ...values, ...logs, used: 'log_sigma' })).toMatchObject({ consistent: 'log_var' });
  });

  it('says so where neither agrees', async () => {
    const other = await checkReading({ ...values, scale: sigma, used: 'sigma', z: z.map((value) => 3 * value) });
    expect(other.consistent).toBeUndefined();
    expect(other.text).toContain('Neither reading');
  });

  it('without draws is told by the ELBO, where that differs', async () => {
    const elbo = ({ sigma: s }: { sigma: Float32Array }) =>
      Promise.resolve(Float64Array.from({ length: 100 }, (_, i) => -Math.abs(s[0]! - sigma[0]!) - 0.001 * (i % 3)));
    expect(await checkReading({ ...values, scale: sigma, used: 'var', elbo })).toMatchObject({
      consistent: 'sigma',
      by: 'elbo',
    });
  });

  it('without draws and decoder is told by the variance of z, where that tells', async () => {
    const half = { ...values, mu: mu.map((m) => 0.703 * m), scale: sigma.map(() => 0.5) };
    const told = await checkReading({ ...half, used: 'sigma' });
    expect(told).toMatchObject({ used: 'sigma', consistent: 'var', by: 'variance' });
    expect(told.text).toContain('where a trained VAE has about 1');
    const open = await checkReading({ ...half, scale: sigma.map(() => 0.9), used: 'sigma' });
    expect(open.by).toBe('nothing');
    expect(open.text).toContain('cannot be told');
  });
});

describe('codes with places', () => {
  const [n, sides] = [500, [2, 3, 3] as const];
  const size = 18;
  /** Channels of deviation 2 and 4; the second is one value all over the map. */
  const z = normals(n * size, 4).map((value, i) => (i % size < 9 ? 2 * value : 0));
  const shared = normals(n, 5);
  for (let i = 0; i < n; i++) z.fill(4 * shared[i]!, i * size + 9, (i + 1) * size);
  const codes = { z, n, latents: size };

  it('are recognised by their axes', () => {
    expect(placesOf([4, 8, 8], 'nchw')).toEqual([4, 8, 8]);
    expect(placesOf([8, 8, 4], 'nhwc')).toEqual([4, 8, 8]);
    expect(placesOf([4, 1, 1], 'nchw')).toBeUndefined();
    expect(placesOf([16], 'flat')).toBeUndefined();
  });

  it('have a scaling factor, per channel and as a whole', () => {
    const found = spatialFindings(codes, sides, 'nchw', 1);
    expect(found.sd).toBeCloseTo(Math.sqrt((4 + 16) / 2), 0);
    expect(found.scalingFactor).toBeCloseTo(1 / found.sd, 12);
    expect(found.channels.map(({ sd }) => Math.round(sd))).toEqual([2, 4]);
    expect(found.channels[0]!.distance).toBeGreaterThan(0.05);
    expect(found.neighbours).toBeCloseTo(0.5, 1);
    expect(found.places.sd[0]).toBeLessThanOrEqual(found.places.sd[2]);
    expect(found.places.momentKl).toHaveLength(3);
    expect(found.audited).toBe('codes');
    expect(spatialFindings({ z: z.subarray(0, 30 * size), n: 30, latents: size }, sides, 'nchw', 1).audited).toBe(
      'places',
    );
  });

  it('give a row for each place', () => {
    const rows = rowsOfPlaces(codes, sides, 'nchw', 1);
    expect([rows.n, rows.latents]).toEqual([n * 9, 2]);
    expect([...(rows as typeof codes).z.subarray(0, 4)]).toEqual([z[0], z[9], z[1], z[10]]);
    const last = rowsOfPlaces({ mu: z, sigma: z.map(() => 1), n, latents: size }, sides, 'nhwc', 1);
    expect([...(last as { mu: Float32Array }).mu.subarray(0, 4)]).toEqual([...z.subarray(0, 4)]);
  });
});
