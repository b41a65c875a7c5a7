import type { Measured } from '../../latent/audit/index.js';
import { integer, short } from '../../latent/numbers/index.js';
import type { RepairResult, SamplerResult } from '../../latent/repair/index.js';
import type { Sampler } from '../../latent/samplers/index.js';

export interface CardFacts {
  /** Where the codes came from. */
  readonly source: string;
  readonly sampler: Sampler;
  readonly generator: boolean;
}

const measured = ({ value, interval, unit }: Measured): string => {
  const range = interval ? ` (95%: ${short(interval[0])} to ${short(interval[1])})` : '';
  return `${short(value)}${unit === 'nats' ? ' nats' : ''}${range}`;
};

const MEASURES: readonly (readonly [string, (sampler: SamplerResult) => Measured | undefined])[] = [
  ['held-out mean log q̂', ({ heldOutLogQ }) => heldOutLogQ],
  ['ELBO', ({ elbo }) => elbo],
  ['ELBO gain over N(0, I)', ({ elboGain }) => elboGain],
  ['IWAE of many draws', ({ iwae }) => iwae?.bound],
  ['IWAE gain over N(0, I)', ({ iwae }) => iwae?.gain],
  ['Fréchet distance', ({ frechet }) => frechet],
  ['kernel distance', ({ kernelDistance }) => kernelDistance],
  ['precision', ({ precision }) => precision],
  ['recall', ({ recall }) => recall],
  ['density', ({ density }) => density],
  ['coverage', ({ coverage }) => coverage],
  ['hole mass', ({ holeMass }) => holeMass],
  ['classifier two-sample accuracy', ({ c2st }) => c2st],
];

const measureTable = (prior: SamplerResult, chosen: SamplerResult): string => {
  const rows = MEASURES.flatMap(([name, of]) => {
    const [before, after] = [of(prior), of(chosen)];
    return before || after ? [`| ${name} | ${before ? measured(before) : ''} | ${after ? measured(after) : ''} |`] : [];
  });
  return ['| measure | N(0, I) | chosen |', '|---|---|---|', ...rows].join('\n');
};

const usage = ({ sampler, generator }: CardFacts): string => {
  const [file, output, width] = generator
    ? ['generator.onnx', 'image', 'pixels], means in 0 … 1']
    : ['sampler.onnx', 'z', `${sampler.latents}]`];
  return `Input \`noise\` [n, ${sampler.noise}]: independent values of N(0, 1). Output \`${output}\` [n, ${width}.

\`\`\`python
import numpy, onnxruntime
model = onnxruntime.InferenceSession('${file}')
noise = numpy.random.default_rng(1).standard_normal((64, ${sampler.noise})).astype('float32')
(${output},) = model.run(['${output}'], {'noise': noise})
\`\`\`

\`\`\`
zdist sample ${file} --n 64 --seed 1 --out ${generator ? 'grid.png' : 'z.npy'}
\`\`\``;
};

/** What a person who is given the files needs to know of them. */
export const modelCard = (result: RepairResult, facts: CardFacts): string => {
  const prior = result.samplers[0]!;
  const chosen = result.samplers.find(({ family }) => family === result.chosen)!;
  const { train, test, latents } = result.codes;
  const fitted = Object.entries(chosen.facts).map(
    ([name, value]) => `${name} ${Number.isInteger(value) ? integer(value) : short(value)}`,
  );
  const memorised = [chosen.memorisation, result.imageMemorisation].flatMap((each) => (each ? [`- ${each.text}`] : []));
  const limits = [
    ...memorised,
    ...(result.attribution ? [`- ${result.attribution.text}`] : []),
    ...(chosen.replays ? ['- Its draws are training codes again, or lie around single ones.'] : []),
    ...[...chosen.notes, ...result.notes].map((note) => `- ${note}`),
  ];
  const { extractor } = result;
  const features = extractor
    ? `\n\nFeatures: ${extractor.name}, hash ${extractor.hash}${extractor.accuracy ? `, accuracy ${short(extractor.accuracy.value)}` : ''}; the distance is a ${extractor.distance}.`
    : '';
  const versions = Object.entries(result.versions).map(([name, version]) => `${name} ${version}`);
  return `# ${chosen.name}

${result.summary}.

${result.why}

- Codes: ${facts.source}; ${integer(train.n)} to fit to, ${integer(test.n)} held out, ${latents} latents.
- Verdict: ${result.verdict}; ${result.certified ? 'certified' : 'not certified'}.
- Sampler: \`${chosen.family}\`${fitted.length > 0 ? ` (${fitted.join(', ')})` : ''}, ${sampler(facts)}.
- Seed ${result.seed}${result.command ? `; made by \`${result.command}\`` : ''}${versions.length > 0 ? `; ${versions.join(', ')}` : ''}.

## Use

${usage(facts)}

## Measures

${measureTable(prior, chosen)}

${integer(result.draws)} draws of each sampler, held-out codes and images alone.${manyDraws(chosen)}${features}
${limits.length > 0 ? `\n## Limits\n\n${limits.join('\n')}\n` : ''}`;
};

const manyDraws = ({ iwae }: SamplerResult): string =>
  iwae
    ? ` IWAE-${iwae.k}: ${integer(iwae.bound.n)} held-out images of ${iwae.k} draws each, of which ${short(iwae.effectiveSamples.value)} count.`
    : '';

const sampler = ({ sampler: { noise, logProb } }: CardFacts): string =>
  `${noise} noise values a draw, ${logProb ? 'with' : 'without'} a density`;
