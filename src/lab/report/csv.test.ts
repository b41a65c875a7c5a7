import { expect, test } from 'vitest';
import { studyFixture } from '../../../test/support/reportFixture.js';
import { csv, curvesCsv } from './csv.js';

test('csv quotes what needs it and leaves numbers that are not finite empty', () => {
  expect(
    csv(
      ['a', 'b'],
      [
        ['x, "y"', 1.5],
        ['z', Number.NaN],
      ],
    ),
  ).toBe('a,b\n"x, ""y""",1.5\nz,\n');
});

test('curvesCsv has one line for each evaluation, in full precision', () => {
  const study = studyFixture({ seeds: [1, 2] });
  const [header, ...lines] = curvesCsv(study).trimEnd().split('\n');
  expect(header).toBe(
    'run,regime,kl,seed,step,epoch,rate,rate_se,rate_n,rateMc,rateMc_se,rateMc_n,score,score_se,score_n,' +
      'elbo,elbo_se,elbo_n,momentKl,momentKl_se,momentKl_n,momentKlDraws,momentKlDraws_se,momentKlDraws_n',
  );
  expect(lines).toHaveLength(study.runs.reduce((sum, run) => sum + run.curve.length, 0));
  const run = study.runs[0]!;
  const point = run.curve[3]!;
  const cells = lines[3]!.split(',');
  expect(cells.slice(0, 5)).toEqual([run.name, 'joint', 'analytic', '1', String(point.step)]);
  expect(cells.slice(5, 9).map(Number)).toEqual([point.epoch, point.rate.value, point.rate.se, point.rate.n]);
  expect(Number(cells.at(-3))).toBe(point.momentKlDraws.value);
});
