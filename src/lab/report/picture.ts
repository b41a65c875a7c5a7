import { decode } from 'fast-png';
import type { ImageGrid, RunResult } from '../studies/study.js';
import { dataUri, html, type Markup } from './html.js';

export interface StudyFiles {
  /** Bytes of a file of the study folder. */
  read(relative: string): Promise<Uint8Array>;
}

/** Bytes of images that the page takes in; what is beyond stands beside it as files. */
const imageBudget = 2_600_000;

export const sourceOf: Readonly<Record<ImageGrid['z'], string>> = {
  prior: 'z ~ N(0, I)',
  fitted: 'z ~ fitted q(z)',
  encoder: 'z ~ q(z|x), x from the test set',
};

const ORDER: readonly ImageGrid['z'][] = ['prior', 'fitted', 'encoder'];

/** From the prior to the encoder. */
export const inOrder = (grids: readonly ImageGrid[]): ImageGrid[] =>
  [...grids].sort((a, b) => ORDER.indexOf(a.z) - ORDER.indexOf(b.z));

/** A grid of decoded images as it stands on the page. */
export interface Picture {
  readonly grid: ImageGrid;
  readonly markup: Markup;
  /** Pixels; 0 when there is no picture. */
  readonly width: number;
  readonly height: number;
  /** The PNG as an address, where it could be read. */
  readonly address?: string;
}

/** Wider than the column of a phone: there shown at half its size, so that pixels stay whole. */
const PHONE = 348;

/** Takes grids into the page, in the order in which they are asked for, while the budget lasts. Each file is read once. */
export const pictureTaker = (files: StudyFiles): ((run: RunResult, grid: ImageGrid) => Promise<Picture>) => {
  let left = imageBudget;
  return async (run, grid) => {
    const caption = html`<figcaption>${sourceOf[grid.z]} · seed ${grid.seed}</figcaption>`;
    try {
      const bytes = await files.read(grid.file);
      const { width, height } = decode(bytes);
      const address = dataUri('image/png', bytes);
      if (bytes.length > left) {
        const markup = html`<figure class="grid"><p class="absent">In the file <code>${grid.file}</code></p>${caption}</figure>`;
        return { grid, markup, width, height, address };
      }
      left -= bytes.length;
      const alternative = `${grid.rows} by ${grid.columns} images decoded by ${run.name}, ${sourceOf[grid.z]}`;
      const markup = html`<figure class="grid${width > PHONE && ' large'}"><img src="${address}" width="${width}" height="${height}" style="--w: ${width}" alt="${alternative}">${caption}</figure>`;
      return { grid, markup, width, height, address };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const markup = html`<figure class="grid"><p class="absent bad">${grid.file}: ${reason}</p>${caption}</figure>`;
      return { grid, markup, width: 0, height: 0 };
    }
  };
};
