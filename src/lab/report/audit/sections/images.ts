import { decode } from 'fast-png';
import type { AuditResult } from '../../../../latent/audit/index.js';
import { integer, short } from '../../../../latent/numbers/index.js';
import { dataUri, html, type Markup } from '../../html.js';

/** What a decoder makes of the deepest holes, and of codes: grids of as many images, as PNG files. */
export interface AuditImages {
  /** An image for each row of `panels.deepest`, the deepest first, row by row. */
  readonly holes: Uint8Array;
  /** z ~ q(z|x) of held-out images. */
  readonly codes: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  /** Of the draws z ~ q(z|x). */
  readonly seed: number;
}

/** Wider than the column of a phone: there shown at half its size, so that pixels stay whole. */
const PHONE = 348;

const picture = (png: Uint8Array, alternative: string, caption: string): Markup => {
  const { width, height } = decode(png);
  return html`<figure class="grid${width > PHONE && ' large'}" style="--w: ${width}; width: min(100%, ${width}px)"><img src="${dataUri('image/png', png)}" width="${width}" height="${height}" alt="${alternative}"><figcaption>${caption}</figcaption></figure>`;
};

/** Images decoded from the deepest holes beside images decoded from codes. */
export const imagesSection = ({ panels }: AuditResult, images: AuditImages): Markup => {
  const { rows, columns, seed } = images;
  const ratios = panels.deepest?.ratio ?? [];
  const range =
    ratios.length > 0 ? `, r(z) from ${short(Math.min(...ratios))} to ${short(Math.max(...ratios))} nats` : '';
  const grid = `${integer(rows)} by ${integer(columns)} images decoded from`;
  return html`
<section id="images">
  <h2>What does the decoder draw from the deepest holes?</h2>
  <div class="pair">
    ${picture(images.holes, `${grid} the deepest holes`, `The deepest holes: draws of N(0, I) of lowest r(z), the lowest first${range}`)}
    ${picture(images.codes, `${grid} codes of held-out images`, `Codes: z ~ q(z|x), x held out, seed ${seed}`)}
  </div>
  <p class="note">The same decoder made both. Where holes look worse than codes, the decoder was asked about a place where it never saw a code: that
    is the prior’s fault, not the decoder’s. These are the worst of the prior draws, chosen by r(z), not by look.</p>
</section>`;
};
