import type { Tensor } from '../../../engine/graph/index.js';
import type { ParameterShapes } from '../../../engine/program/index.js';
import type { KeyedStream } from '../../../engine/random/index.js';
import type { Parameters } from './perceptron.js';

/** A random input of a loss beside the codes, one row a code. */
export interface Chance {
  readonly name: string;
  readonly width: number;
  /** Fills [rows, width]. */
  readonly draw: (out: Float32Array, stream: KeyedStream) => void;
}

/** A distribution over whitened codes w that is learned by descending a loss. */
export interface LatentModel {
  readonly shapes: ParameterShapes;
  /** Standard normal values that one draw takes. */
  readonly noise: number;
  initial(seed: number): Float32Array;
  readonly chances: readonly Chance[];
  /** Shapes: white [B, D], each chance [B, width] -> [B]. */
  loss(parameters: Parameters, white: Tensor, chances: Readonly<Record<string, Tensor>>): Tensor;
  /** Whitened codes of standard normal noise. Shapes: [n, noise] -> [n, D]. */
  draw(parameters: Parameters, noise: Tensor): Tensor;
  /** ln of the density over w, where there is one. Shapes: [B, D] -> [B] nats. */
  logProb?(parameters: Parameters, white: Tensor): Tensor;
}
