// Holds a study folder against what a study promises: files there, every regime done, numbers in their places.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = process.argv[2];
const fail = (message) => {
  console.error(`${folder}: ${message}`);
  process.exit(1);
};
const need = (file) => existsSync(path.join(folder, file)) || fail(`expected ${file}`);

for (const file of ['study.json', 'curves.csv', 'report.html']) need(file);
const study = JSON.parse(readFileSync(path.join(folder, 'study.json'), 'utf8'));
if (study.state !== 'done') fail(`expected state done, got ${study.state}`);

const expected = ['joint', 'encoder-only', 'separate', 'tandem'].flatMap((regime) => [
  `${regime} analytic`,
  `${regime} mc`,
]);
const found = new Map(study.runs.map((run) => [`${run.regime} ${run.kl}`, run]));
for (const name of expected) if (!found.has(name)) fail(`expected a run ${name}`);
if (!study.runs.some((run) => run.regime === 'random-z')) fail('expected a run random-z');

const final = (name, quantity) => found.get(name).final[quantity].value;
for (const run of study.runs) {
  if (run.state !== 'done') fail(`${run.name}: expected state done, got ${run.state}`);
  for (const { file } of run.images) need(file);
  for (const part of ['encoder', 'decoder']) need(path.join(run.folder, 'models', `${part}.onnx`));
  const { rate, rateMc } = run.final;
  const tolerance = 4 * Math.hypot(rate.se, rateMc.se) + 1e-3;
  if (Math.abs(rate.value - rateMc.value) > tolerance)
    fail(`${run.name}: rates ${rate.value} and ${rateMc.value} differ`);
}
if (study.claims.map(({ id }) => id).join('') !== 'abcdefghi') fail('expected the claims a to i');
for (const { id, verdict, measured } of study.claims) {
  if (!['holds', 'does not hold', 'cannot tell'].includes(verdict)) fail(`claim ${id}: got verdict ${verdict}`);
  if (measured.length === 0) fail(`claim ${id}: expected numbers`);
}
if (!(final('joint analytic', 'rate') > 5)) fail('joint: expected codes that carry something');
if (!(final('encoder-only analytic', 'rate') < 0.05)) fail('encoder-only: expected a rate near 0');
if (!(final('joint analytic', 'score') > final('tandem analytic', 'score') + 30)) {
  fail('expected joint to score better than tandem');
}
console.log(`${folder}: ${study.runs.length} runs, ${study.verdict}`);
