/** Audits and repairs what was dropped, in a thread of its own: nothing leaves it but what the page shows. */
import { InputError } from '../../../src/engine/errors/index.js';
import type { Runtime } from '../../../src/engine/runtime/index.js';
import { audit } from '../../../src/latent/audit/index.js';
import {
  type Decoder,
  decoderBesideCodes,
  joinGenerator,
  repair,
  userSource,
} from '../../../src/latent/repair/index.js';
import { drawSamples, familiesOf, samplerOnnx } from '../../../src/latent/samplers/index.js';
import { imageSize } from '../../../src/vae/data/index.js';
import { VERSION } from '../../../src/vae/training/index.js';
import { tabRuntime } from '../training/runtime.js';
import type { FromWorker, Grids, Looked, Source, ToWorker } from './messages.js';
import { type Opened, openDropped } from './open.js';

/** Images that are encoded to tell what is what, before anything is measured. */
const LOOKED_AT = 1000;
/** Draws of each kind that are shown. */
const SHOWN = 32;

const tell = (message: FromWorker): void => postMessage(message);
const onProgress = (what: string, share: number): void => tell({ type: 'progress', what, share });
const now = (): number => performance.now();

const count = (n: number, latents: number): string => `${n.toLocaleString('en')} codes of ${latents} latents`;

const look = async (source: Source, runtime: Runtime): Promise<Looked> => {
  const opened = await openDropped(source, { runtime, most: LOOKED_AT, onProgress });
  const { train, test, sources } = opened.input;
  const { models } = opened;
  await opened.release();
  return {
    codes: models
      ? `codes of the images of ${models.images.train.name}`
      : `${count(train.n, train.latents)} from ${sources?.train ?? 'the file'}`,
    heldOut: models
      ? (models.images.test?.name ?? 'one half of the images, by the seed')
      : test
        ? count(test.n, test.latents)
        : 'one half of the codes, by the seed',
    notes: opened.notes,
    ...(models && { model: models.found.findings }),
  };
};

/** What a repair needs beside the codes. */
const repairable = async (opened: Opened, runtime: Runtime, seed: number) => {
  const { models, decoder, input } = opened;
  if (models) return userSource(models, { runtime, seed, onProgress });
  if (!decoder) return { input };
  return { input, decoder: await decoderBesideCodes(decoder, input.train.latents, runtime) };
};

const gridsOf = async (
  { samplers, chosen, control, result }: Awaited<ReturnType<typeof repair>>,
  decoder: Decoder,
  runtime: Runtime,
): Promise<Grids | undefined> => {
  const n = Math.min(SHOWN, control.n);
  const { latents } = control;
  const draw = async (sampler: typeof chosen): Promise<Float32Array> =>
    decoder.decode(await drawSamples(sampler, n, result.seed, runtime), latents);
  const encoder = await decoder.decode(control.z.subarray(0, n * latents), latents);
  const { channels = 1, planar = false } = decoder;
  const size = channels === 1 || channels === 3 ? imageSize(encoder.length / n / channels, decoder) : undefined;
  if (!size) return undefined;
  return { count: n, ...size, channels, planar, prior: await draw(samplers[0]!), fitted: await draw(chosen), encoder };
};

const answer = async (message: ToWorker): Promise<FromWorker> => {
  const runtime = tabRuntime();
  const { source } = message;
  const { seed } = source;
  const versions = { zdist: VERSION, runtime: runtime.description };
  if (message.type === 'look') return { type: 'looked', looked: await look(source, runtime) };
  const opened = await openDropped(source, { runtime, onProgress });
  const { alpha } = message;
  try {
    if (message.type === 'audit') {
      const result = await audit(opened.input, { seed, alpha, runtime, onProgress, now, versions });
      const notes = [...opened.notes, ...result.notes];
      const { models } = opened;
      return { type: 'audited', result: { ...result, notes, ...(models && { model: models.found.findings }) } };
    }
    const { input, decoder, ...rest } = await repairable(opened, runtime, seed);
    const model = 'model' in rest ? rest.model : undefined;
    const found = await repair(input, familiesOf(message.samplers), {
      ...{ seed, alpha, runtime, now, onProgress, versions },
      deadline: { now, at: now() + message.budget },
      ...(model && { model }),
    });
    const joined = decoder && (await joinGenerator(found, decoder, runtime));
    const alone = joined && 'why' in joined ? [`No generator.onnx, sampler.onnx alone: ${joined.why}`] : [];
    const grids = decoder && (await gridsOf(found, decoder, runtime));
    const repaired = {
      result: { ...found.result, notes: [...opened.notes, ...alone, ...found.result.notes] },
      sampler: samplerOnnx(found.chosen),
      ...(joined && 'bytes' in joined && { generator: joined.bytes }),
      ...(grids && { grids }),
    };
    return { type: 'repaired', repaired };
  } finally {
    await opened.release();
  }
};

const faultOf = (error: unknown): string => {
  if (error instanceof InputError) return error.message;
  if (error instanceof RangeError && /allocation|length/i.test(error.message)) {
    return 'The tab has not enough memory for this: zdist audit on the command line reads codes from disk.';
  }
  return error instanceof Error ? error.message : String(error);
};

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  answer(data).then(tell, (error: unknown) => tell({ type: 'fault', message: faultOf(error) }));
});
