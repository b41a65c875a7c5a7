import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { VERSION } from '../dist/index.js';

const require = createRequire(import.meta.url);
const write = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** A zdist side of a bench: says that it is ready, then answers each line of stdin, as `train.mjs` describes. */
export async function answer({ run, profile }) {
  write({
    ready: true,
    versions: {
      zdist: VERSION,
      node: process.versions.node,
      'onnxruntime-node': require('onnxruntime-node/package.json').version,
    },
  });
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    write(message === 'profile' ? await profile() : await run(message.run));
  }
}
