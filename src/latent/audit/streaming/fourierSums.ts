/** The characteristic function of q(z) at random frequencies: a maximum mean discrepancy to N(0, I) in one pass. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { encodeModel, OnnxGraph } from '../../../engine/onnx/index.js';
import { keyedStream } from '../../../engine/random/index.js';
import { float32, type Runtime } from '../../../engine/runtime/index.js';
import { VERSION } from '../../../vae/training/index.js';
import { FLOOR_SEED, REPLICATES, rankPValue, summarizeFloor } from '../noiseFloor/index.js';
import type { Measured } from '../result.js';
import { grouped } from '../wording.js';

export interface FourierSums {
  n: number;
  /** Σ_i cos(w·z_i) and Σ_i sin(w·z_i) of each frequency w: [W]. */
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/** Of each kernel. */
const FREQUENCIES = 32;
/** Widths of the kernels, in units of the median distance of two draws of N(0, I). */
const SCALES = [0.5, 1, 2] as const;
const WIDTH = FREQUENCIES * SCALES.length;

export const fourierSums = (): FourierSums => ({ n: 0, cos: new Float64Array(WIDTH), sin: new Float64Array(WIDTH) });

/** Joins the sums of other rows, in place: to 10⁻⁹ of one pass for any split. */
export const mergeFourierSums = (into: FourierSums, other: FourierSums): void => {
  into.n += other.n;
  for (let k = 0; k < WIDTH; k++) {
    into.cos[k]! += other.cos[k]!;
    into.sin[k]! += other.sin[k]!;
  }
};

/**
 * Frequencies by the seed: w ~ N(0, I/(cℓ)²) for each scale c, ℓ² = 2 · median of χ²_D by Wilson and Hilferty.
 *
 * Shapes: -> [D, W], a frequency a column.
 */
const frequencies = (latents: number, seed: number): Float32Array => {
  const length = Math.sqrt(2 * latents * (1 - 2 / (9 * latents)) ** 3);
  const w = new Float32Array(latents * WIDTH);
  keyedStream(seed, 'audit/stream/frequencies', 0).fillNormal(w);
  return w.map((draw, at) => draw / (SCALES[Math.floor((at % WIDTH) / FREQUENCIES)]! * length));
};

/** ONNX element types of Cast. */
const FLOAT = 1;
const DOUBLE = 11;

/**
 * Phases w·z in float64, brought into −π … π, where float32 keeps seven digits of their cosine however far z is.
 *
 * Inputs: z [rows, D], w [D, W]. Outputs: cos, sin [2, W], whose rows add up to the sums over rows.
 */
const blockModel = (latents: number): Uint8Array => {
  const g = new OnnxGraph('fourier');
  const cast = (x: string, to: number): string => g.node('Cast', [x], { to: { int: to } });
  const z = cast(g.input('z', 'float32', ['rows', latents]), DOUBLE);
  const w = cast(g.input('w', 'float32', [latents, WIDTH]), DOUBLE);
  // 2π as the sum of two float32: to 48 bits.
  const high = Math.fround(2 * Math.PI);
  const turn = g.node('Add', [cast(g.float(high), DOUBLE), cast(g.float(2 * Math.PI - high), DOUBLE)]);
  const phase = g.node('MatMul', [z, w]);
  const turns = g.node('Round', [g.node('Div', [phase, turn])]);
  const reduced = cast(g.node('Sub', [phase, g.node('Mul', [turns, turn])]), FLOAT);
  for (const [op, name] of [
    ['Cos', 'cos'],
    ['Sin', 'sin'],
  ] as const) {
    const sum = g.node('ReduceSum', [cast(g.node(op, [reduced]), DOUBLE), g.ints([0])], { keepdims: { int: 1 } });
    const leading = cast(sum, FLOAT);
    const rest = cast(g.node('Sub', [sum, cast(leading, DOUBLE)]), FLOAT);
    g.output(g.node('Concat', [leading, rest], { axis: { int: 0 } }), name, 'float32', [2, WIDTH]);
  }
  return encodeModel(g.toProto(), { version: VERSION });
};

export interface FourierAdder {
  /** Shapes: z [rows, D], at least one row. */
  add(into: FourierSums, z: Float32Array): Promise<void>;
  release(): Promise<void>;
}

export const fourierAdder = async (latents: number, seed: number, runtime: Runtime): Promise<FourierAdder> => {
  const session = await runtime.load(blockModel(latents));
  const w = float32(frequencies(latents, seed), [latents, WIDTH]);
  return {
    add: async (into, z) => {
      const n = z.length / latents;
      const { cos, sin } = await session.run({ z: float32(z, [n, latents]), w });
      const [c, s] = [cos!.data as Float32Array, sin!.data as Float32Array];
      into.n += n;
      for (let k = 0; k < WIDTH; k++) {
        into.cos[k]! += c[k]! + c[WIDTH + k]!;
        into.sin[k]! += s[k]! + s[WIDTH + k]!;
      }
    },
    release: () => session.release(),
  };
};

/** The characteristic function of N(0, I) where the squared norm of the frequency is `square`. */
const prior = (square: number): number => Math.exp(-0.5 * square);

/** Eigenvalues of the covariance of √n times (mean cos, mean sin) for true draws of N(0, I). */
const nullSpectrum = (w: Float32Array, latents: number): number[] => {
  const column = (k: number): Float32Array => Float32Array.from({ length: latents }, (_, d) => w[d * WIDTH + k]!);
  const columns = Array.from({ length: WIDTH }, (_, k) => column(k));
  const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, d) => sum + value * b[d]!, 0);
  const squares = columns.map((a) => dot(a, a));
  const covariances = [Matrix.zeros(WIDTH, WIDTH), Matrix.zeros(WIDTH, WIDTH)];
  for (let a = 0; a < WIDTH; a++) {
    for (let b = 0; b < WIDTH; b++) {
      const cross = dot(columns[a]!, columns[b]!);
      const [apart, together] = [
        prior(squares[a]! + squares[b]! - 2 * cross),
        prior(squares[a]! + squares[b]! + 2 * cross),
      ];
      covariances[0]!.set(a, b, 0.5 * (apart + together) - prior(squares[a]! + squares[b]!));
      covariances[1]!.set(a, b, 0.5 * (apart - together));
    }
  }
  return covariances.flatMap((covariance) =>
    new EigenvalueDecomposition(covariance, { assumeSymmetric: true }).realEigenvalues.map((value) =>
      Math.max(0, value),
    ),
  );
};

/**
 * Squared maximum mean discrepancy of q(z) and N(0, I) itself (not draws of it), the sum over three Gaussian kernels,
 * unbiased over the codes and over the frequencies.
 *
 *   MMD² = Σ_c E_w |φ_q(w) − φ_p(w)|²,  φ_q(w) = mean_i e^{i w·z_i},  φ_p(w) = exp(−½|w|²),  w ~ N(0, I/(cℓ)²)
 *
 * with (n|φ_q|² − 1)/(n − 1) for |φ_q|². The p-value compares with Σ_k λ_k (χ²₁ − 1)/n, its law for many true draws,
 * λ the eigenvalues of the covariance that N(0, I) gives cos(w·z) and sin(w·z).
 *
 * Units: of the kernel, whose largest value is 3. Domain: n in the hundreds at least.
 * Source: Rahimi & Recht 2007, Random features for large-scale kernel machines; Gretton et al. 2012, JMLR 13.
 */
export const fourierMmd = ({ n, cos, sin }: FourierSums, latents: number, seed: number): Measured => {
  const w = frequencies(latents, seed);
  let value = 0;
  for (let k = 0; k < WIDTH; k++) {
    let square = 0;
    for (let d = 0; d < latents; d++) square += w[d * WIDTH + k]! ** 2;
    const [c, s, p] = [cos[k]! / n, sin[k]! / n, prior(square)];
    value += ((n * (c * c + s * s) - 1) / (n - 1) - 2 * c * p + p * p) / FREQUENCIES;
  }
  const spectrum = nullSpectrum(w, latents);
  const replicates = Array.from({ length: REPLICATES }, (_, b) => {
    const random = keyedStream(FLOOR_SEED, 'floor/fourier', b);
    return spectrum.reduce((sum, lambda) => sum + (lambda * (random.normal() ** 2 - 1)) / FREQUENCIES, 0) / n;
  }).sort((a, b) => a - b);
  return {
    value,
    n,
    seed,
    unit: 'kernel',
    pValue: rankPValue(value, replicates),
    floor: summarizeFloor(replicates),
    by: `${WIDTH} random frequencies, ${grouped(n)} codes`,
  };
};
