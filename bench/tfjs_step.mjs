/**
 * One training step of the `altosaar` preset in TensorFlow.js, wasm backend, which has one thread in Node.js.
 * Needs `node bench/install_tfjs.mjs`; the protocol is in train.mjs.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

const PIXELS = 784;
const HIDDEN = 256;
const LATENTS = 128;
const BATCH = 128;
const BATCHES = 50;

const require = createRequire(new URL('.tfjs/package.json', import.meta.url));
const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');

const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

function mlp(widths) {
  const layers = widths.slice(1).map((fanOut, i) => {
    const bound = 1 / Math.sqrt(widths[i]);
    return {
      weight: tf.variable(tf.randomUniform([widths[i], fanOut], -bound, bound)),
      bias: tf.variable(tf.randomUniform([fanOut], -bound, bound)),
    };
  });
  const last = layers.at(-1);
  return (input) =>
    layers.reduce((value, layer) => {
      const sum = tf.add(tf.matMul(value, layer.weight), layer.bias);
      return layer === last ? sum : tf.relu(sum);
    }, input);
}

function makeStep() {
  const encoder = mlp([PIXELS, HIDDEN, HIDDEN, 2 * LATENTS]);
  const decoder = mlp([LATENTS, HIDDEN, HIDDEN, PIXELS]);
  // TensorFlow.js roots ms - (mg² + epsilon), NaN at small gradients; a negative epsilon mends the sign.
  const optimizer = tf.train.rmsprop(1e-3, 0.99, 0, -1e-8, true);
  const batches = Array.from({ length: BATCHES }, () =>
    tf.tidy(() => tf.cast(tf.less(tf.randomUniform([BATCH, PIXELS]), 0.13), 'float32')),
  );
  let taken = 0;

  const loss = (x) => {
    const [mu, raw] = tf.split(encoder(x), 2, 1);
    const sigma = tf.softplus(raw);
    const z = tf.add(mu, tf.mul(sigma, tf.randomNormal([BATCH, LATENTS])));
    const squares = tf.sub(tf.add(tf.square(mu), tf.square(sigma)), 1);
    const rate = tf.sum(tf.sub(tf.mul(squares, 0.5), tf.log(sigma)));
    const logits = decoder(z);
    const crossEntropy = tf.sum(tf.sub(tf.softplus(logits), tf.mul(x, logits)));
    return tf.div(tf.add(rate, crossEntropy), BATCH);
  };
  return () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => loss(batches[taken++ % BATCHES]));
      optimizer.applyGradients(grads);
      return value;
    });
}

async function run(step, n) {
  let last = Number.NaN;
  const start = performance.now();
  for (let i = 0; i < n; i++) {
    const value = step();
    if (i === n - 1) last = (await value.data())[0];
    value.dispose();
  }
  return { ms: (performance.now() - start) / n, loss: last };
}

wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
await tf.setBackend('wasm');
const step = makeStep();
send({ ready: true, versions: { tfjs: tf.version.tfjs } });
for await (const line of createInterface({ input: process.stdin })) {
  send(await run(step, JSON.parse(line).run));
}
process.exit();
