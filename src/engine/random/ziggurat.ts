/**
 * The 256-layer ziggurat under f(x) = e^(-x²/2): layers of equal area, layer i between the heights f(x_i) and f(x_{i+1}).
 *
 *   x_0 = V / f(R),  x_1 = R,  f(x_{i+1}) = f(x_i) + V / x_i,  x_256 = 0
 *
 * Layer 0 is the base strip with the tail beyond R; its width x_0 is that of a rectangle of the same area.
 * The tables come from portable arithmetic (and the square root, which IEEE rounds exactly), so they are the same
 * bits in every engine.
 *
 * Source: Marsaglia & Tsang 2000, J. Stat. Software 5(8); separate bits for layer and position after Doornik 2005.
 */
import { portableExp, portableLog } from './portable.js';

/** Where the tail begins, and the area of a layer: the solution of f(x_256) = 1 for 256 layers. */
export const TAIL_START = 3.6541528853610088;
const AREA = 0.004928673233974655;
const LAYERS = 256;

const build = (): { width: Float64Array; inside: Float64Array; height: Float64Array } => {
  const x = new Float64Array(LAYERS + 1);
  const height = new Float64Array(LAYERS + 1);
  height[0] = 0;
  x[1] = TAIL_START;
  height[1] = portableExp(-0.5 * TAIL_START * TAIL_START);
  x[0] = AREA / height[1]!;
  for (let i = 1; i < LAYERS - 1; i++) {
    height[i + 1] = height[i]! + AREA / x[i]!;
    x[i + 1] = Math.sqrt(-2 * portableLog(height[i + 1]!));
  }
  height[LAYERS] = 1;
  const width = new Float64Array(LAYERS);
  const inside = new Float64Array(LAYERS);
  for (let i = 0; i < LAYERS; i++) {
    width[i] = x[i]! / 0x80_0000;
    inside[i] = (x[i + 1]! / x[i]!) * 0x80_0000;
  }
  return { width, inside, height };
};

const tables = build();

/** [256] x_i / 2^23: turns a signed 24-bit position into x. */
export const WIDTH = tables.width;
/** [256] 2^23 x_{i+1} / x_i: a position nearer to 0 than this lies under the curve without a further test. */
export const INSIDE = tables.inside;
/** [257] f(x_i), the lower edge of layer i; 0 for the base strip. */
export const HEIGHT = tables.height;
