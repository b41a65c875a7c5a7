import { InputError } from '../../../engine/errors/index.js';
import { input, type Tensor } from '../../../engine/graph/index.js';
import { toBatchModel } from '../../../engine/onnx/index.js';
import { simplify } from '../../../engine/passes/index.js';
import type { Runtime } from '../../../engine/runtime/index.js';
import { VERSION } from '../../../vae/training/index.js';
import type { Draws } from '../../audit/codes.js';
import { rowsThrough } from '../draw.js';
import { componentsLogProb, componentsSampler, savedComponents } from '../gaussianComponents.js';
import { fitGaussianMixture, type GaussianMixture, refitGaussianMixture } from '../gaussianMixture/index.js';
import { drawCodes, partCodes, requireTrainingCodes } from '../plainFamily.js';
import type { FitOptions, Sampler, SamplerFamily, SavedSampler, TrainingCodes } from '../sampler.js';
import { nested, nestedOf } from '../saved.js';
import type { Architecture, FamilySizes } from '../training/family.js';
import { leastCodes, type Schedule, type TrainedLatents, trainLatents } from '../training/fit.js';
import { constants, restored, settingOf, trainedSampler } from '../training/trainedSampler.js';
import { fitWhitening, type Whitening, whitened } from '../training/whitening.js';
import { type Flow, type FlowBase, flowModel } from './flow.js';
import { realNvp } from './realNvp.js';

type Size = 'components' | 'couplings' | 'hidden';

const NAME = 'mixture-flow';
const BASE = 'base.';
/** Components at most, and codes of each latent that one takes at least. */
const COMPONENTS = 100;
const CODES_EACH = 12;
const SCHEDULE: Schedule = { batch: 256, rate: 2e-3, epochs: 20, steps: [800, 10_000] };
/** Values of all codes up to which EM is given two draws of each. */
const MOST_VALUES = 2e6;
/** Shares of the time, and of the progress, until the mixture is fitted and until the flow is trained. */
const FITTED = 0.3;
const TRAINED = 0.9;

/**
 * A RealNVP flow over a mixture of full Gaussians.
 *
 *   z = m + L f⁻¹(u),  u ~ Σ_k w_k N(m_k, C_k)
 *   ln q̂(z) = ln Σ_k w_k N(f(w); m_k, C_k) − ln |det dw/du| − ln |L|,  w = L⁻¹ (z − m)
 *
 * The mixture is fitted by EM to whitened codes, where f is the identity; f learns what the mixture leaves; EM then goes
 * on from there over f(w). Training never describes held-out codes worse than the first mixture does, nor EM the draws
 * that it is given. A flow of one Gaussian has to tear it apart where codes lie in clusters, and leaves threads between
 * them; here the clusters are components.
 *
 * Throws: InputError for fewer than 2 latents, or codes that are too few.
 * Source: Izmailov et al. 2020, arXiv:1912.13025 (mixtures as the base of a flow); Dinh et al. 2016, arXiv:1605.08803.
 */
export const mixtureFlowFamily = (sizes: FamilySizes<Size> = {}): SamplerFamily => ({
  name: NAME,
  complexity: 19,
  fit: async (codes, options) => {
    requireTrainingCodes(NAME, codes, leastCodes(codes.latents));
    if (codes.latents < 2) throw new InputError(`${NAME}: expected at least 2 latents to couple, got ${codes.latents}`);
    const { fitted, heldOut } = partCodes(codes, options);
    const architecture = { ...sizesFor(fitted), ...sizes.architecture };
    const { seed, runtime } = options;
    const part = partsOf(options);
    const whitening = fitWhitening(fitted);
    const flow = flowOf(codes.latents, architecture);
    const draws = drawsOf(fitted, seed);
    const through = (parameters: Float32Array): Promise<Draws> =>
      latentsOf(draws, flow, parameters, whitening, runtime);

    const { components } = architecture;
    const mixture = await fitGaussianMixture(await through(flow.initial(seed)), {
      ...{ components, covariance: 'full', starts: 1, seed, runtime },
      ...part(0, FITTED),
    });
    const schedule = { ...SCHEDULE, ...sizes.schedule };
    const trained = await trainLatents(
      flowModel(flow, baseOf(savedBase(mixture), runtime)),
      whitening,
      fitted,
      { seed, runtime, heldOut, ...part(FITTED, TRAINED) },
      schedule,
    );
    const refitted = await refitGaussianMixture(await through(trained.parameters), mixture, {
      runtime,
      ...part(TRAINED, 1),
    });
    const { heldOutLoss: _, ...facts } = trained.facts;
    const notes = [refitted.regularised, mixture.ended].filter((note) => note !== undefined);
    const kept = { ...trained, facts: { components, ...facts }, notes: [...notes, ...trained.notes] };
    return flowSampler(architecture, savedBase(refitted), whitening, kept, runtime);
  },
  load: (saved, runtime) => {
    const architecture = {
      components: settingOf(saved, 'components'),
      couplings: settingOf(saved, 'couplings'),
      hidden: settingOf(saved, 'hidden'),
    };
    const base = nestedOf(saved, BASE);
    if (!base) throw new InputError(`${NAME}: base: expected a mixture, got none`);
    const { whitening, trained } = restored(saved, flowOf(saved.latents, architecture).shapes);
    return flowSampler(architecture, base, whitening, trained, runtime);
  },
});

const sizesFor = ({ n, latents }: TrainingCodes): Architecture<Size> => ({
  components: Math.max(1, Math.min(COMPONENTS, Math.floor(n / (CODES_EACH * latents)))),
  couplings: 8,
  hidden: Math.min(64, Math.max(32, 4 * latents)),
});

const flowOf = (latents: number, { couplings, hidden }: Architecture<Size>): Flow =>
  realNvp({ latents, couplings, hidden });

const flowSampler = (
  architecture: Architecture<Size>,
  base: SavedSampler,
  whitening: Whitening,
  trained: TrainedLatents,
  runtime: Runtime,
): Sampler => {
  const name = `mixture of ${architecture.components} Gaussians through a flow`;
  const model = flowModel(flowOf(whitening.latents, architecture), baseOf(base, runtime));
  const sampler = trainedSampler({ family: NAME, name, architecture }, model, whitening, trained, runtime);
  const part = nested(BASE, base);
  return {
    ...sampler,
    save: () => {
      const { settings, arrays, ...saved } = sampler.save();
      return { ...saved, settings: { ...settings, ...part.settings }, arrays: { ...arrays, ...part.arrays } };
    },
  };
};

const savedBase = (mixture: GaussianMixture): SavedSampler =>
  savedComponents('mixture', mixture.latents, { ...mixture, facts: {}, notes: [] });

const baseOf = (saved: SavedSampler, runtime: Runtime): FlowBase => {
  const { noise, toGraph } = componentsSampler(saved, runtime, { title: () => NAME });
  return { noise, draw: toGraph, logProb: componentsLogProb(saved) };
};

/** Two draws of each posterior, where that is not too much: EM then fits less of the chance in them. */
const drawsOf = (codes: TrainingCodes, seed: number): Draws => {
  const first = drawCodes(codes, seed, 'fitted');
  if (codes.mu.length > MOST_VALUES || codes.sigma.every((value) => value === 0)) return first;
  const z = new Float32Array(2 * first.z.length);
  z.set(first.z);
  z.set(drawCodes(codes, seed, 'fitted again').z, first.z.length);
  return { z, n: 2 * first.n, latents: first.latents };
};

/** u of draws of z. */
const latentsOf = async (
  { z, n, latents }: Draws,
  flow: Flow,
  parameters: Float32Array,
  whitening: Whitening,
  runtime: Runtime,
): Promise<Draws> => {
  const values = constants(parameters, flow.shapes);
  const trace = (rows: Tensor): Tensor => flow.forward(values, whitened(whitening, rows)).u;
  const model = toBatchModel(
    (batch) => {
      const [u] = simplify([trace(input('z', [batch, latents]))]);
      return { u: u! };
    },
    { version: VERSION },
  );
  return { z: await rowsThrough(model, { from: 'z', to: 'u' }, z, n, runtime), n, latents };
};

/** Progress and time of parts of a fit, by their shares of the whole. */
const partsOf = ({ deadline, onProgress }: FitOptions) => {
  const began = deadline?.now() ?? 0;
  return (from: number, to: number) => {
    const until = deadline && { now: deadline.now, at: began + to * (deadline.at - began) };
    return {
      ...(onProgress && { onProgress: (share: number) => onProgress(from + share * (to - from)) }),
      ...(until && { deadline: until, stop: () => until.now() >= until.at }),
    };
  };
};
