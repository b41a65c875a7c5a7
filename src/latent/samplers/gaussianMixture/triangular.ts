/**
 * The lower factor of C = L Lᵀ, or nothing where C is not positive definite.
 *
 * Shapes: [D, D] row-major, of which the lower triangle is read.
 */
export const choleskyFactor = (matrix: Float64Array, d: number): Float64Array | undefined => {
  const lower = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let value = matrix[i * d + j]!;
      for (let c = 0; c < j; c++) value -= lower[i * d + c]! * lower[j * d + c]!;
      if (i !== j) lower[i * d + j] = value / lower[j * d + j]!;
      else if (value > 0) lower[i * d + i] = Math.sqrt(value);
      else return undefined;
    }
  }
  return lower;
};

/** L⁻¹ of a lower triangular L with a diagonal above 0. Shapes: [D, D] row-major. */
export const inverseOfLower = (lower: Float64Array, d: number): Float64Array => {
  const inverse = new Float64Array(d * d);
  for (let j = 0; j < d; j++) {
    inverse[j * d + j] = 1 / lower[j * d + j]!;
    for (let i = j + 1; i < d; i++) {
      let value = 0;
      for (let c = j; c < i; c++) value -= lower[i * d + c]! * inverse[c * d + j]!;
      inverse[i * d + j] = value / lower[i * d + i]!;
    }
  }
  return inverse;
};

/** A · B of lower triangular matrices: lower triangular again. Shapes: [D, D] row-major. */
export const productOfLower = (a: Float64Array, b: Float64Array, d: number): Float64Array => {
  const product = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let value = 0;
      for (let c = j; c <= i; c++) value += a[i * d + c]! * b[c * d + j]!;
      product[i * d + j] = value;
    }
  }
  return product;
};

/** WᵀW of a lower triangular W: the precision C⁻¹ where W = L⁻¹. Shapes: [D, D] row-major. */
export const gramOfLower = (lower: Float64Array, d: number): Float64Array => {
  const gram = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let value = 0;
      for (let c = i; c < d; c++) value += lower[c * d + i]! * lower[c * d + j]!;
      gram[i * d + j] = value;
      gram[j * d + i] = value;
    }
  }
  return gram;
};
