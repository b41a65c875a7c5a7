// Wall-clock of `zdist --help` and of a bare `node`, interleaved: `node bench/help.mjs [ROUNDS]`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { summary } from './statistics.mjs';

const rounds = Number(process.argv[2] ?? 21);
const zdist = fileURLToPath(new URL('../dist/lab/commands/zdist.js', import.meta.url));
const timed = (args) => {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${args.join(' ')}: expected exit 0, got ${status}`);
  return performance.now() - start;
};

const times = { 'zdist --help': [], 'node -e 0': [] };
for (let i = 0; i < rounds; i++) {
  times['zdist --help'].push(timed([zdist, '--help']));
  times['node -e 0'].push(timed(['-e', '0']));
}
for (const [name, values] of Object.entries(times)) {
  const { median, q1, q3 } = summary(values);
  console.log(
    `${name.padEnd(14)} median ${median.toFixed(0)} ms, quartiles ${q1.toFixed(0)} .. ${q3.toFixed(0)} (${rounds} rounds)`,
  );
}
