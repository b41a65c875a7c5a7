import { decode } from 'fast-png';
import { integer, short } from '../../../../latent/numbers/index.js';
import type { RepairResult } from '../../../../latent/repair/index.js';
import { dataUri, html, type Markup } from '../../html.js';
import { chosenOf, priorOf } from '../words.js';

/** Grids of as many images, as PNG files, all from the noise of one seed. */
export interface RepairImages {
  /** By the family of the sampler. */
  readonly samplers: ReadonlyMap<string, Uint8Array>;
  /** z ~ q(z | x) of held-out images. */
  readonly posterior?: Uint8Array;
}

const picture = (png: Uint8Array, alternative: string, caption: Markup): Markup => {
  const { width, height } = decode(png);
  return html`<figure class="grid"><img src="${dataUri('image/png', png)}" width="${width}" height="${height}" alt="${alternative}"><figcaption>${caption}</figcaption></figure>`;
};

const answerOf = (result: RepairResult): string => {
  const { posterior, attribution } = result;
  const [prior, chosen] = [priorOf(result), chosenOf(result)];
  if (!posterior || !prior.frechet || !chosen.frechet) {
    return 'The same decoder made all of them, from the same noise: what differs is the distribution of z.';
  }
  const distances = [
    `${short(prior.frechet.value)} for N(0, I)`,
    ...(chosen === prior ? [] : [`${short(chosen.frechet.value)} for ${chosen.name}`]),
    `${short(posterior.frechet.value)} for codes of held-out images`,
  ];
  const fault = attribution?.cause === 'decoder' ? ' What is wrong with the images is mostly the decoder’s.' : '';
  return `The same decoder made all of them, from the same noise: over all draws their distance to held-out images is ${distances.join(', ')}.${fault}`;
};

/** N(0, I), the chosen sampler and codes of held-out images, decoded side by side; every other sampler below. */
export const imagesSection = (result: RepairResult, { samplers, posterior }: RepairImages): Markup | undefined => {
  const [prior, chosen] = [priorOf(result), chosenOf(result)];
  const grid = (family: string, name: string, what: string): Markup | undefined => {
    const png = samplers.get(family);
    return png && picture(png, `Images decoded from ${name}`, html`<b>${name}</b>${what && ` · ${what}`}`);
  };
  const control =
    posterior &&
    picture(
      posterior,
      'Images decoded from codes of held-out images',
      html`<b>posterior control</b> · z ~ q(z|x), x held out`,
    );
  const first = [
    grid(prior.family, 'N(0, I)', 'the prior'),
    ...(chosen === prior ? [] : [grid(chosen.family, chosen.name, 'chosen')]),
    control,
  ].flatMap((each) => (each ? [each] : []));
  if (first.length === 0) return undefined;
  const others = result.samplers
    .filter(({ family }) => family !== prior.family && family !== chosen.family)
    .flatMap(({ family, name, replays }) => grid(family, name, replays ? 'replays training codes' : '') ?? []);
  return html`
<section id="images">
  <h2>What does the decoder make of each?</h2>
  <figure>
    <div class="triple${first.length < 3 && ' two'}">${first}</div>
    <figcaption><p class="answer">${answerOf(result)}</p>
    <p>Not chosen by look: the first draws of noise seed ${result.seed}. Where N(0, I) looks worse than the control, the hole is at fault; where the control looks bad, the decoder is. The same grids lie in samples/ as PNG files.</p></figcaption>
  </figure>
  ${others.length > 0 && html`<details><summary>${integer(others.length)} other ${others.length === 1 ? 'sampler' : 'samplers'}</summary><div class="more">${others}</div></details>`}
</section>`;
};
