/**
 * Every message reads `what: expected, got actual`. A message that starts with `internal:` is a fault of zdist itself.
 */

/** Shapes that do not fit together. */
export class ShapeError extends RangeError {
  override name = 'ShapeError';
}

/** An element type that an operation does not take. */
export class DTypeError extends TypeError {
  override name = 'DTypeError';
}

/** A graph that breaks a rule: unused parameter, unknown input, value missing at run time. */
export class GraphError extends Error {
  override name = 'GraphError';
}

/** What the user gave (a file, an option, a configuration key) is wrong; commands answer it with exit code 2. */
export class InputError extends Error {
  override name = 'InputError';
}

/** A loss or a parameter that is NaN or infinite. Carries where it was seen first. */
export class NonFiniteError extends Error {
  override name = 'NonFiniteError';
  constructor(
    message: string,
    /** Training step (0-based) whose loss was not finite. */
    readonly step: number,
    /** Name of the first tensor of that step, in order of evaluation, that is not finite. */
    readonly tensor: string,
  ) {
    super(message);
  }
}
