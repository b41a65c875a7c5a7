/** The sentences of a repair. */
import type { Measured } from '../audit/result.js';
import { digits, percent } from '../audit/wording.js';
import type { Attribution } from '../evaluation/index.js';
import type { Carried } from './collapse.js';
import type { RepairResult, RepairVerdict, SamplerMeasures, SamplerResult } from './result.js';

const signed = (value: number): string => (value > 0 ? `+${digits(value)}` : digits(value));

const measuresBefore = ({ holeMass, frechet }: SamplerMeasures): string =>
  [
    ...(holeMass ? [`hole mass ${digits(holeMass.value)}`] : []),
    ...(frechet ? [`Fréchet ${digits(frechet.value)}`] : []),
  ].join(', ');

const measuresAfter = ({ holeMass, frechet, elboGain }: SamplerMeasures): string =>
  [
    ...[holeMass, frechet].flatMap((each) => (each ? [digits(each.value)] : [])),
    ...(elboGain ? [`${signed(elboGain.value)} nats`] : []),
  ].join(', ');

/** Whether a sampler's draws pass for codes, and in which words. */
export const certification = (
  { name, c2st, holeMass }: SamplerResult,
  alpha: number,
): { readonly certified: boolean; readonly why: string } => {
  if (!c2st || !holeMass) return { certified: false, why: 'Not certified: there are too few held-out codes to say.' };
  const told = c2st.interval![0] > 0.5;
  const holes = holeMass.value > 2 * alpha;
  const accuracy = ({ value, interval }: Measured): string =>
    `${percent(value)} (95%: ${percent(interval![0])} to ${percent(interval![1])})`;
  const tells = told
    ? `a classifier tells its draws from held-out codes in ${accuracy(c2st)} of cases, where guessing gives 50%`
    : `no classifier of ours tells its draws from held-out codes (right in ${accuracy(c2st)})`;
  const mass = `its hole mass is ${digits(holeMass.value)}, ${holes ? 'above' : 'at most'} ${digits(2 * alpha)}`;
  const certified = !told && !holes;
  return { certified, why: `${certified ? 'Certified' : 'Not certified'}: of ${name}, ${tells}; ${mass}.` };
};

/** Why this sampler was chosen. */
export const reasonOf = (
  chosen: SamplerResult,
  among: number,
  tied: { readonly name: string; readonly ahead: Measured } | undefined,
): string => {
  const logQ = chosen.heldOutLogQ;
  const found = logQ ? ` (${digits(logQ.value)} ± ${digits(1.96 * (logQ.se ?? 0))} nats)` : '';
  const others = `${among} samplers with a density${chosen.replays ? '' : ' that replay no training codes'}`;
  if (among === 1) return `${chosen.name} is the only one to choose from of samplers with a density${found}.`;
  if (tied) {
    return `Of ${others}, ${tied.name} describes held-out codes best; ${chosen.name} is within one standard error of it (${digits(tied.ahead.value)} ± ${digits(tied.ahead.se ?? 0)} nats) and simpler.`;
  }
  return `Of ${others}, ${chosen.name} describes held-out codes best${found}.`;
};

export interface Told {
  readonly verdict: RepairVerdict;
  readonly prior: SamplerResult;
  readonly chosen: SamplerResult;
  readonly carried: Carried;
  readonly attribution?: Attribution;
  readonly ended?: RepairResult['ended'];
}

/** `N(0, I): hole mass 0.41, Fréchet 38.2 → mixture of 40 full Gaussians: 0.012, 9.1, +3.2 nats`. */
export const summaryOf = ({ verdict, prior, chosen, carried, attribution, ended }: Told): string => {
  const decoder = attribution?.cause === 'decoder' ? '; what is bad about the samples is mostly the decoder' : '';
  if (verdict === 'collapsed') {
    const rate = carried.rate ? `rate ${digits(carried.rate.value)} nats, ` : '';
    return `Nothing to gain: z says next to nothing about x (${rate}${carried.activeUnits?.value ?? 0} active units)`;
  }
  const start = measuresBefore(prior);
  const before = `N(0, I)${start ? `: ${start}` : ''}`;
  if (verdict === 'undecided') {
    return `${before}; no other sampler with a density was fitted${ended ? `: ${ended}` : ''}, so there was nothing to choose${decoder}`;
  }
  if (verdict === 'matched') return `${before}; nothing fitted describes held-out codes better${decoder}`;
  return `${before} → ${chosen.name}: ${measuresAfter(chosen)}${decoder}`;
};
