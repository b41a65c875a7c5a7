import { expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { tinyConfig, tinyData } from '../../../test/support/tinyModel.js';
import { keyedStream } from '../../engine/random/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { fedImages } from './images.js';
import { type TrainState, train } from './index.js';
import { createView } from './view.js';

it('shows what the exported model gives, at every state', async () => {
  const data = tinyData();
  const config = tinyConfig({ epochs: 1 });
  const runtime = nodeRuntime();
  let state: TrainState | undefined;
  const trained = await train(config, data, runtime, {
    onState: (told) => {
      state = told;
    },
  });

  const { model } = trained;
  const fed = fedImages(data.test, config.binarisation, config.seed, 'test');
  const pixels = new Uint8Array(5 * model.pixels);
  for (let i = 0; i < 5; i++) fed.copy(i, pixels, i * model.pixels);
  const z = new Float32Array(3 * model.latents);
  keyedStream(1, 'test', 0).fillNormal(z);

  const view = await createView(config, model, { pixels, draws: 3 }, runtime);
  const { encoder, decoder } = state!.weights;
  const codes = await view.codes(encoder);
  const expected = await trained.encode(Float32Array.from(pixels));
  expect(codes.mu).toHaveLength(5 * model.latents);
  for (const name of ['mu', 'sigma'] as const) {
    expectClose(codes[name], expected[name], { absolute: 1e-5 });
  }
  expectClose(await view.images(decoder, z), await trained.decode(z), { absolute: 1e-5 });
  await view.release();
});
