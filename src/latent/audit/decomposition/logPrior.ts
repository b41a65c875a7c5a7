/**
 * ln N(z; 0, I) of each row.
 *
 *   ln p(z) = −½ Σ_d z_d² − (D/2) ln 2π
 *
 * Shapes: z [S, D] -> [S] nats.
 */
export const logPrior = (z: Float32Array, latents: number): Float64Array => {
  const constant = 0.5 * latents * Math.log(2 * Math.PI);
  return Float64Array.from({ length: z.length / latents }, (_, s) => {
    let squares = 0;
    for (let i = s * latents; i < (s + 1) * latents; i++) squares += z[i]! * z[i]!;
    return -0.5 * squares - constant;
  });
};
