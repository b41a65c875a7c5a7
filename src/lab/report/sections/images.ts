import { decode } from 'fast-png';
import type { ImageGrid, RunResult, Study } from '../../studies/study.js';
import { dataUri, html, type Markup } from '../html.js';
import { short } from '../numbers.js';
import { seriesOf } from '../series.js';
import { isTrained, regimeMeaning, scoreWords } from '../words.js';

export interface StudyFiles {
  /** Bytes of a file of the study folder. */
  read(relative: string): Promise<Uint8Array>;
}

/** Bytes of images that the page takes in; what is beyond stands beside it as files. */
const imageBudget = 3_000_000;

const sources: Readonly<Record<ImageGrid['z'], string>> = {
  prior: 'z ~ N(0, I)',
  encoder: 'z ~ q(z|x), x from the test set',
};

interface Budget {
  left: number;
}

interface Picture {
  readonly markup: Markup;
  /** Pixels on the page; 0 when there is no picture. */
  readonly width: number;
}

/** Space between the pictures of a pair, as in the style sheet. */
const pairGap = 12;

const picture = async (run: RunResult, grid: ImageGrid, files: StudyFiles, budget: Budget): Promise<Picture> => {
  const caption = html`<figcaption>${sources[grid.z]} · seed ${grid.seed}</figcaption>`;
  try {
    const bytes = await files.read(grid.file);
    const { width, height } = decode(bytes);
    if (bytes.length > budget.left) {
      const markup = html`<figure class="grid"><p class="absent">In the file <code>${grid.file}</code></p>${caption}</figure>`;
      return { markup, width: 0 };
    }
    budget.left -= bytes.length;
    const alternative = `${grid.rows} by ${grid.columns} images decoded by ${run.name}, ${sources[grid.z]}`;
    const markup = html`<figure class="grid"><img src="${dataUri('image/png', bytes)}" width="${width}" height="${height}" alt="${alternative}">${caption}</figure>`;
    return { markup, width };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const markup = html`<figure class="grid"><p class="absent bad">${grid.file}: ${reason}</p>${caption}</figure>`;
    return { markup, width: 0 };
  }
};

const remark = (run: RunResult, study: Study): string => {
  if (!isTrained(run, 'decoder'))
    return 'The decoder keeps its initial weights, so that every z gives nearly the same grey.';
  if (!run.final) return '';
  const { score, sign } = scoreWords(study.data.binarisation);
  const number = `${capitalised(score)} ${short(sign * run.final.score.value)}, rate ${short(run.final.rate.value)} nats per image`;
  return isTrained(run, 'encoder') ? `${number}.` : `${number} (rate of an untrained encoder).`;
};

/** Decoded images of every regime and estimator, z from the prior beside z from the encoder. First seed. */
export const imagesSection = async (study: Study, files: StudyFiles): Promise<Markup> => {
  const budget: Budget = { left: imageBudget };
  const cards: Markup[] = [];
  for (const series of seriesOf(study)) {
    const run = series.runs[0] ?? series.all[0];
    if (!run) continue;
    const pictures: Picture[] = [];
    for (const z of ['prior', 'encoder'] as const) {
      for (const grid of run.images.filter((image) => image.z === z)) {
        pictures.push(await picture(run, grid, files, budget));
      }
    }
    const width =
      Math.max(
        484,
        pictures.reduce((sum, each) => sum + each.width, 0),
      ) + pairGap;
    cards.push(html`<article class="s s-${series.id}" style="width: min(100%, ${width}px)">
      <h3><span class="key ${series.dashed ? 'dashed' : 'solid'}" style="border-color: ${series.colour}"></span>${series.label}</h3>
      <p>${capitalised(regimeMeaning[run.regime])}. ${remark(run, study)}</p>
      <div class="pair">${pictures.length > 0 ? pictures.map((each) => each.markup) : html`<p class="absent">No images: the run ${run.state === 'done' ? 'left none' : `is ${run.state}`}.</p>`}</div>
    </article>`);
  }
  return html`
<section id="images">
  <h2>What do the decoders draw?</h2>
  <p>Mean images of the decoder. Left of each pair z comes from the prior, right from the encoder on test images;
    a model whose codes fill the prior makes both alike.${study.seeds.length > 1 && ' Shown is the first finished seed.'}</p>
  <div class="cards">${cards}</div>
</section>`;
};

const capitalised = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
