import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { VectorField } from './integrate.js';
import { F, G } from './kl.js';

export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** Two eigenvalues of each coordinate: near (0, 1) the plane falls apart into μ and σ. */
export interface CoordinateEigenvalues {
  readonly mu: readonly [Complex, Complex];
  readonly sigma: readonly [Complex, Complex];
}

/** Curvature of the KL at (0, 1): F″(0) = 1 and G″(1) = 2. Nats per unit². */
export const CURVATURE = { mu: F.curvature(0), sigma: G.curvature(1) } as const;

/** Eigenvalues of gradient flow at (0, 1), −F″(0) = −1 and −G″(1) = −2, per unit time: a stable node. */
export const gradientFlowEigenvalues = (): readonly [Complex, Complex] => [
  { re: -CURVATURE.mu, im: 0 },
  { re: -CURVATURE.sigma, im: 0 },
];

/** Roots of r² + b r + c, the one of larger real part (then larger imaginary part) first. */
const roots = (b: number, c: number): readonly [Complex, Complex] => {
  const discriminant = 0.25 * b * b - c;
  const half = Math.sqrt(Math.abs(discriminant));
  if (discriminant < 0) {
    return [
      { re: -0.5 * b, im: half },
      { re: -0.5 * b, im: -half },
    ];
  }
  return [
    { re: -0.5 * b + half, im: 0 },
    { re: -0.5 * b - half, im: 0 },
  ];
};

/**
 * Eigenvalues of the heavy ball at (0, 1), per unit time.
 *
 *   λ² + γ λ + k = 0,  λ = ½ (−γ ± √(γ² − 4k));  k = 1 in μ, k = 2 in σ
 *
 * Complex while γ < 2 √k. So both coordinates spiral below γ = 2; from 2 on μ is a node and σ still spirals; from 2√2 on
 * nothing does. (μ is linear, so that holds from every start. A ball let go near σ = 0, where the curvature 1 + 1/σ² is
 * large, may still pass σ = 1 once at a friction above 2√2.)
 */
export const heavyBallEigenvalues = (friction: number): CoordinateEigenvalues => ({
  mu: roots(friction, CURVATURE.mu),
  sigma: roots(friction, CURVATURE.sigma),
});

/** Friction from which a coordinate no longer spirals, 2 √k: 2 for μ, 2√2 for σ. */
export const criticalFriction = { mu: 2 * Math.sqrt(CURVATURE.mu), sigma: 2 * Math.sqrt(CURVATURE.sigma) } as const;

/**
 * Multipliers of one step at (0, 1): of SGD with `momentum` 0 (one of the two is then 0), of momentum otherwise.
 *
 *   r² − (1 + β − ηk) r + β = 0
 *
 * SGD: r = 1 − ηk, stable for η < 1 (the σ coordinate, k = 2, decides). With momentum the pair is complex, of modulus √β,
 * while (1 + β − ηk)² < 4β. Adam and RMSprop divide by the size of the gradient and have no linearisation at (0, 1).
 */
export const stepMultipliers = (lr: number, momentum = 0): CoordinateEigenvalues => ({
  mu: roots(-(1 + momentum - lr * CURVATURE.mu), momentum),
  sigma: roots(-(1 + momentum - lr * CURVATURE.sigma), momentum),
});

/**
 * Jacobian of a field by central differences, ∂f_i/∂x_j ≈ [f_i(x + h e_j) − f_i(x − h e_j)] / 2h, error O(h²).
 *
 * Shapes: at [D] -> rows [D][D].
 */
export const numericJacobian = (field: VectorField, at: readonly number[], h = 1e-5): number[][] => {
  const columns = at.map((_, j) => {
    const ahead = field(at.map((x, i) => (i === j ? x + h : x)));
    const behind = field(at.map((x, i) => (i === j ? x - h : x)));
    return ahead.map((value, i) => (value - behind[i]!) / (2 * h));
  });
  return at.map((_, i) => columns.map((column) => column[i]!));
};

/** Eigenvalues of a square matrix, falling by real part, then by imaginary part. Throws RangeError unless it is square. */
export const eigenvalues = (rows: readonly (readonly number[])[]): Complex[] => {
  if (rows.some((row) => row.length !== rows.length)) {
    throw new RangeError(
      `eigenvalues: expected a square matrix, got rows of ${rows.map((row) => row.length).join(', ')}`,
    );
  }
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(
    new Matrix(rows.map((row) => [...row])),
  );
  return realEigenvalues
    .map((re, i) => ({ re, im: imaginaryEigenvalues[i]! }))
    .sort((a, b) => b.re - a.re || b.im - a.im);
};

export type FixedPointKind = 'stable node' | 'stable spiral' | 'centre' | 'saddle' | 'unstable';

/**
 * What a fixed point of a flow is, by its eigenvalues: stable when every real part is below 0, a spiral when some
 * eigenvalue is complex. Real parts within 1e-9 of 0 with an imaginary part make a centre.
 */
export const fixedPointKind = (values: readonly Complex[]): FixedPointKind => {
  if (values.every(({ re, im }) => Math.abs(re) < 1e-9 && im !== 0)) return 'centre';
  if (values.every(({ re }) => re < 0)) return values.some(({ im }) => im !== 0) ? 'stable spiral' : 'stable node';
  return values.some(({ re }) => re < 0) ? 'saddle' : 'unstable';
};
