// Time of a whole audit: `node bench/whole_audit.mjs [--rounds 3]`, N = 60,000 posteriors of 32 latents, of which
// 20 carry the image. The cache of noise floors is empty in every round; pages and figures are written.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { keyedStream } from '../dist/index.js';
import { writeNpy } from '../dist/vae/data/arrays/index.js';
import { summary } from './statistics.mjs';

const N = 60_000;
const LATENTS = 32;
const INFORMED = 20;
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const zdist = fileURLToPath(new URL('../dist/lab/commands/zdist.js', import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), 'zdist-bench-audit-'));

const normals = (stream) => {
  const draws = new Float32Array(N * LATENTS);
  keyedStream(1, stream, 0).fillNormal(draws);
  return draws;
};
const informs = (i) => i % LATENTS < INFORMED;
const arrays = {
  mu: normals('bench/mu').map((draw, i, all) =>
    informs(i) ? 0.95 * draw + 0.3 * Math.sign(all[i - (i % LATENTS)]) : 0.05 * draw,
  ),
  sigma: normals('bench/sigma').map((draw, i) => (informs(i) ? 0.15 : 0.98) * Math.exp(0.2 * draw)),
};
for (const [name, data] of Object.entries(arrays)) {
  writeFileSync(path.join(folder, `${name}.npy`), writeNpy(data, [N, LATENTS]));
}

const audit = (round) =>
  new Promise((done, fail) => {
    const started = performance.now();
    const args = [zdist, 'audit', '--mu', 'mu.npy', '--sigma', 'sigma.npy', '--out', `round${round}`, '--quiet'];
    // Where the user's cache lies follows from the environment: a fresh folder holds no floors.
    const env = { ...process.env, XDG_CACHE_HOME: path.join(folder, `cache${round}`) };
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', fail);
    child.on('exit', (code) =>
      code === 0 ? done((performance.now() - started) / 1e3) : fail(new Error(`zdist audit: exit ${code}`)),
    );
  });

const seconds = [];
for (let round = 1; round <= Number(values.rounds); round++) seconds.push(await audit(round));
const { median, q1, q3 } = summary(seconds);
console.log(
  `whole audit, N ${N}, D ${LATENTS}: median ${median} s, quartiles ${q1} .. ${q3} (${seconds.length} rounds, ${os.cpus().length} cores)`,
);
rmSync(folder, { recursive: true, force: true });
