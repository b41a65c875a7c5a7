/** Decodes the same codes by several decoders, one after the other, in a thread of its own. */
import { InputError } from '../../../../src/engine/errors/index.js';
import { float32 } from '../../../../src/engine/runtime/index.js';
import { tabRuntime } from '../../training/runtime.js';
import type { Decoded, ToDecode } from './decoded.js';

const runtime = tabRuntime();

const decode = async ({ decoder, z, latents }: ToDecode): Promise<Float32Array> => {
  const session = await runtime.load(decoder);
  try {
    const { mean } = await session.run({ z: float32(z, [z.length / latents, latents]) });
    if (!mean) throw new InputError('decoder.onnx: expected an output mean, got none');
    return mean.data as Float32Array;
  } finally {
    await session.release();
  }
};

/** ONNX Runtime opens one model at a time. */
let last: Promise<unknown> = Promise.resolve();

addEventListener('message', ({ data: asked }: MessageEvent<ToDecode>) => {
  const tell = (said: Decoded): void => postMessage(said);
  last = last
    .then(() => decode(asked))
    .then(
      (images) => tell({ key: asked.key, images }),
      (error: unknown) => tell({ key: asked.key, fault: error instanceof Error ? error.message : String(error) }),
    );
});
