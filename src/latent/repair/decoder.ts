import { ShapeError } from '../../engine/errors/index.js';
import { portsOf } from '../../engine/onnx/index.js';
import { float32, type Runtime } from '../../engine/runtime/index.js';

/** Draws decoded at once. */
const BLOCK = 2000;

export interface Decoder {
  readonly bytes: Uint8Array;
  /** How messages name it: by its file. */
  readonly name: string;
  /** Of an image, where they are known. */
  readonly width?: number;
  readonly height?: number;
  readonly channels?: number;
  /** Channels one plane after the other. */
  readonly planar?: boolean;
  /** Shapes: z [n, D] -> mean, one image a row. */
  decode(z: Float32Array, latents: number): Promise<Float32Array>;
  release(): Promise<void>;
}

export interface RunDecoder extends Decoder {
  /** Throws: ShapeError where the model gives no logits. */
  decodeLogits(z: Float32Array, latents: number): Promise<Float32Array>;
}

/** A decoder of one input z [n, D] with an output `mean`, or one output alone; `logits` where it gives them. */
export const openDecoder = async (bytes: Uint8Array, name: string, runtime: Runtime): Promise<RunDecoder> => {
  const { inputs, outputs } = portsOf(bytes, name);
  const input = inputs[0]!.name;
  const mean = outputs.find((output) => output.name === 'mean')?.name ?? outputs[0]!.name;
  const session = await runtime.load(bytes);
  const decoded = async (z: Float32Array, latents: number, output: string): Promise<Float32Array> => {
    const n = z.length / latents;
    const blocks: Float32Array[] = [];
    for (let from = 0; from < n; from += BLOCK) {
      const to = Math.min(n, from + BLOCK);
      const rows = float32(z.subarray(from * latents, to * latents), [to - from, latents]);
      const values = (await session.run({ [input]: rows }))[output];
      if (values?.dtype !== 'float32')
        throw new ShapeError(`${name}: expected an output ${output} of float32, got none`);
      blocks.push(values.data);
    }
    return joined(blocks);
  };
  return {
    bytes,
    name,
    decode: (z, latents) => decoded(z, latents, mean),
    decodeLogits: (z, latents) => decoded(z, latents, 'logits'),
    release: () => session.release(),
  };
};

export const joined = (blocks: readonly Float32Array[]): Float32Array => {
  const out = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    out.set(block, at);
    at += block.length;
  }
  return out;
};
