import type { Measured } from '../../../../latent/audit/index.js';
import { withError } from '../../../../latent/audit/reading/index.js';
import { integer, short } from '../../../../latent/numbers/index.js';
import type { RepairResult } from '../../../../latent/repair/index.js';
import { auditFigure, PRIOR } from '../../audit/drawing.js';
import { csv } from '../../csv.js';
import type { Figure } from '../../figures/index.js';
import { rowsOf } from '../../figures/theory/assemble.js';
import { dotRows } from '../dotRows.js';
import { chosenOf, gainText } from '../words.js';
import { labelOf, measuredBy, rowOf } from './samplerRow.js';

const name = 'repair-gain';
const title = 'How many nats is each sampler worth?';

const sentenceOf = (result: RepairResult): string => {
  const chosen = chosenOf(result);
  const gain = chosen.elboGain!;
  const others = measuredBy(
    result,
    ({ elboGain }) => elboGain,
    (a, b) => b - a,
  );
  const worse = others.filter(({ measured }) => measured.value < 0).map(({ sampler }) => labelOf(sampler));
  const bound = chosen.iwae;
  return [
    chosen.family === 'prior'
      ? 'N(0, I) stays: what was fitted gains nothing that holds on held-out codes.'
      : `Drawing z from ${chosen.name} instead of N(0, I) raises the bound on log p(x) by ${gainText(gain)} an image.`,
    bound && chosen.family !== 'prior'
      ? ` The tighter bound of ${bound.k} draws gains ${gainText(bound.gain)} on ${integer(bound.gain.n)} images; ${short(bound.effectiveSamples.value)} of the ${bound.k} draws count.`
      : '',
    worse.length > 0
      ? ` ${worse.join(', ')} ${worse.length === 1 ? 'describes' : 'describe'} unseen codes worse than N(0, I) does.`
      : '',
  ].join('');
};

const columns = (measured: Measured | undefined): (number | string)[] =>
  measured ? [measured.value, measured.se ?? '', measured.n] : ['', '', ''];

const dataOf = ({ samplers }: RepairResult): string =>
  csv(
    ['sampler', 'name', 'gain', 'gain_se', 'gain_n', 'iwae_k', 'iwae_gain', 'iwae_gain_se', 'iwae_gain_n'],
    samplers.map(({ family, name: called, elboGain, iwae }) => [
      family,
      called,
      ...columns(elboGain),
      iwae?.k ?? '',
      ...columns(iwae?.gain),
    ]),
  );

/** The gain of every sampler with a density over N(0, I), with its interval; undefined where none but N(0, I) has one. */
export const gainFigure = (result: RepairResult): Figure | undefined => {
  const found = measuredBy(
    result,
    ({ elboGain }) => elboGain,
    (a, b) => b - a,
  );
  if (found.length < 2) return undefined;
  const rows = found.map(({ sampler, measured }) => rowOf(sampler, measured, result));
  const axis = {
    label: 'gain over N(0, I)  (nats an image)',
    type: 'linear',
    levels: [{ ...PRIOR, value: 0 }],
  } as const;
  const told = found.map(({ sampler, measured }) => `${labelOf(sampler)} ${withError(measured)}`).join('; ');
  return auditFigure({
    name,
    title,
    answer: sentenceOf(result),
    reading:
      'Mean of ln q̂(z) − ln N(z; 0, I) over draws of held-out posteriors, paired: a nat of it is a nat of ELBO that a repaired model gains. Bars are 95% intervals, often shorter than the dot; open dots replay training codes. Samplers without a density are not here.',
    description: `Gains in nats, the largest first: ${told}.`,
    csv: dataOf(result),
    layers: [],
    wide: rowsOf(960, [[dotRows(rows, axis, 960)]]),
    narrow: rowsOf(348, [[dotRows(rows, axis, 348)]]),
  });
};
