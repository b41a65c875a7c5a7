// The zdist side of the audit bench: `node zdist_audit.mjs FOLDER THREADS`. Protocol: see audit.mjs.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { decompose } from '../dist/latent/audit/decomposition/index.js';
import { mixtureDensity } from '../dist/latent/audit/mixture/index.js';
import { nodeRuntime } from '../dist/node.js';
import { answer } from './answer.mjs';

const [folder, threads] = [process.argv[2], Number(process.argv[3])];
const read = (name) => new Float32Array(new Uint8Array(readFileSync(path.join(folder, `${name}.f32`))).buffer);
const { n, latents, draws } = JSON.parse(readFileSync(path.join(folder, 'shape.json'), 'utf8'));
const q = { mu: read('mu'), sigma: read('sigma'), n, latents };
const z = read('z');
const peakMiB = () => process.resourceUsage().maxRSS / 1024;
const density = await mixtureDensity(q, nodeRuntime({ threads }));

/** Processor time of every evaluation so far, all threads together. */
const processor = { ms: 0, evaluations: 0 };

const run = async (times) => {
  const start = performance.now();
  const before = process.cpuUsage();
  let logProb;
  for (let i = 0; i < times; i++) logProb = await density.logProb(z);
  const { user, system } = process.cpuUsage(before);
  processor.ms += (user + system) / 1e3;
  processor.evaluations += times;
  return { ms: (performance.now() - start) / times, loss: logProb.reduce((sum, value) => sum + value, 0) / draws };
};

/** ln q(z) term by term in float64, for the first rows. */
const direct = (row) => {
  const terms = Float64Array.from({ length: n }, (_, i) => {
    let term = -0.5 * latents * Math.log(2 * Math.PI) - Math.log(n);
    for (let d = 0; d < latents; d++) {
      const sigma = q.sigma[i * latents + d];
      term -= 0.5 * ((z[row * latents + d] - q.mu[i * latents + d]) / sigma) ** 2 + Math.log(sigma);
    }
    return term;
  });
  const max = terms.reduce((a, b) => Math.max(a, b));
  return max + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - max), 0));
};

/** After the rounds: the memory they took, the largest error of 20 rows, and one whole decomposition. */
const profile = async () => {
  const mixturePeakMiB = peakMiB();
  const cpuMs = processor.ms / processor.evaluations;
  const found = await density.logProb(z.subarray(0, 20 * latents));
  const error = found.reduce((worst, value, row) => Math.max(worst, Math.abs(value - direct(row))), 0);
  const start = performance.now();
  const terms = await decompose(q, density, { draws, seed: 1 });
  const decompositionMs = performance.now() - start;
  const { rate, mutualInformation, marginalKl, totalCorrelation, dimensionwiseKl } = terms;
  return {
    cpuMs,
    mixturePeakMiB,
    error,
    decompositionMs,
    peakMiB: peakMiB(),
    terms: { rate, mutualInformation, marginalKl, totalCorrelation, dimensionwiseKl },
  };
};

await answer({ run, profile });
