import type { Study } from '../../studies/study.js';
import { html, type Markup } from '../html.js';
import { inOrder, type Picture, type pictureTaker } from '../picture.js';
import { seriesOf } from '../series.js';
import { runShown } from './imageFigures.js';
import { runCard } from './runCard.js';

/** Decoded images of the regimes and estimators that no figure above shows, z from the prior beside z from the encoder. First seed. */
export const imagesSection = async (
  study: Study,
  shown: ReadonlySet<string>,
  take: ReturnType<typeof pictureTaker>,
): Promise<Markup> => {
  const cards: Markup[] = [];
  for (const series of seriesOf(study)) {
    const run = runShown(series);
    const grids = run?.images.filter((image) => !shown.has(image.file)) ?? [];
    if (!run || (grids.length === 0 && run.images.length > 0)) continue;
    const pictures: Picture[] = [];
    for (const grid of inOrder(grids)) {
      pictures.push(await take(run, grid));
    }
    cards.push(runCard(study, series, run, pictures));
  }
  return html`
<section id="images">
  <h2>What do the other decoders draw?</h2>
  <p>Mean images of the regimes and estimators that have no figure above, z from the prior beside z from the encoder on test
    images; a model whose codes fill the prior makes both alike.${study.seeds.length > 1 && ' Shown is the first finished seed.'}</p>
  <div class="cards">${cards}</div>
</section>`;
};
