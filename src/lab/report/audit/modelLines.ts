/** What was found of a user's models, in lines for people. */
import type { Measured, ModelFindings, ModelPort, SpatialFindings } from '../../../latent/audit/index.js';
import { short } from '../../../latent/numbers/index.js';

const ways: Readonly<Record<NonNullable<ModelPort['by']>, string>> = {
  option: 'as told',
  name: 'by its name',
  values: 'by size and values',
};

const port = ({ name, shown, role, by }: ModelPort): string =>
  `${name} ${shown}${role ? ` = ${role}${by ? ` (${ways[by]})` : ''}` : ''}`;
const ports = (all: readonly ModelPort[]): string => all.map(port).join(', ');

const measured = ({ value, se = 0 }: Measured, unit = ' nats'): string =>
  `${short(value)} ± ${(1.96 * se).toPrecision(2)}${unit}`;

/** Five significant digits: as scaling factors are published. */
const factor = (value: number): string => String(Number(value.toPrecision(5)));

const spatialLines = (spatial: SpatialFindings): (readonly [string, string])[] => {
  const { shape, sd, mean, scalingFactor, channels, places, neighbours } = spatial;
  const kl = places.momentKl;
  return [
    [
      'maps',
      `${shape.join(' × ')}, mean ${short(mean)}, standard deviation ${short(sd)}, scaling factor ${factor(scalingFactor)}`,
    ],
    ...channels.map(
      (each) =>
        [
          `channel ${each.channel}`,
          `mean ${short(each.mean)}, standard deviation ${short(each.sd)}, factor ${factor(each.scalingFactor)}; KS distance to N(0, 1) when scaled ${short(each.distance)}`,
        ] as const,
    ),
    [
      'places',
      `standard deviation ${places.sd.map(short).join(' … ')} (least, middle, largest)${kl ? `; KL of moments ${kl.map(short).join(' … ')} nats` : ''}; neighbours correlate ${short(neighbours)}`,
    ],
  ];
};

/** Name and text of each line, in the order they are read. */
export const modelLines = (model: ModelFindings): (readonly [string, string])[] => {
  const { encoder, decoder, images, shape, likelihood, score, crossEntropy, elbo, error, reading, spatial } = model;
  return [
    ['encoder', `${encoder.name}: ${ports(encoder.inputs)} → ${ports(encoder.outputs)}`],
    ...(decoder
      ? ([['decoder', `${decoder.name}: ${ports(decoder.inputs)} → ${ports(decoder.outputs)}`]] as const)
      : []),
    [
      'images',
      `${images.train}${images.test ? `, held out ${images.test}` : ''}; values ${images.own}, fed as ${images.fed} in layout ${images.layout}`,
    ],
    ['codes are', `[${shape.join(', ')}]`],
    ...(likelihood
      ? ([['likelihood', `${likelihood.text} (${likelihood.by === 'option' ? 'as told' : 'by range'})`]] as const)
      : []),
    ...(score ? ([['score', measured(score)]] as const) : []),
    ...(crossEntropy ? ([['cross-entropy', measured(crossEntropy)]] as const) : []),
    ...(elbo ? ([['ELBO', measured(elbo)]] as const) : []),
    ...(error ? ([['error', `${measured(error, '')} of 0 … 1, root mean square`]] as const) : []),
    ...(reading ? ([['scale', reading.text]] as const) : []),
    ...(spatial ? spatialLines(spatial) : []),
  ];
};
