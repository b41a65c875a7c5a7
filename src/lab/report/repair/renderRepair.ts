import type { RepairResult } from '../../../latent/repair/index.js';
import type { Figure } from '../figures/index.js';
import { type PageSection, page } from '../page.js';
import { figureSection } from '../sections/figures.js';
import { unbroken } from '../words.js';
import { gainFigure, qualityFigure } from './figures/index.js';
import { repairDefinitions } from './sections/definitions.js';
import { imagesSection, type RepairImages } from './sections/images.js';
import { madeSection } from './sections/made.js';
import { opening, repairTitle } from './sections/opening.js';
import { samplersSection } from './sections/samplers.js';
import { repairStyle } from './style.js';

export interface RepairReport {
  /** One self-contained page. */
  readonly html: string;
  /** The figures as files of their own, on a light ground. */
  readonly figures: readonly { readonly name: string; readonly svg: string }[];
}

export interface RepairPage {
  /** Decoded draws; without a decoder there are none. */
  readonly images?: RepairImages;
  /** Whether there is a generator.onnx. */
  readonly generator: boolean;
}

const chartsOf = (result: RepairResult): { readonly contents: string; readonly figure: Figure }[] =>
  [
    { contents: 'Gain', figure: gainFigure(result) },
    { contents: 'Holes and images', figure: qualityFigure(result) },
  ].flatMap(({ contents, figure }) => (figure ? [{ contents, figure }] : []));

/**
 * A repair as one self-contained HTML page, and its figures as SVG files. What could not be measured (images without a
 * decoder, densities of one sampler alone) has no figure.
 *
 * Throws: what fast-png throws for images that are no PNG files.
 */
export const renderRepair = (result: RepairResult, { images, generator }: RepairPage): RepairReport => {
  const charts = chartsOf(result);
  const pictures = images && imagesSection(result, images);
  const sections: PageSection[] = [
    ...(pictures ? [{ id: 'images', contents: 'Images', markup: pictures }] : []),
    { id: 'samplers', contents: 'Samplers', markup: samplersSection(result) },
    ...charts.map(({ contents, figure }) => ({ id: figure.name, contents, markup: figureSection(figure) })),
    { id: 'made', contents: 'What was made', markup: madeSection(result, generator) },
    { id: 'definitions', contents: 'Definitions', markup: repairDefinitions(result) },
  ];
  return {
    html: unbroken(
      page({
        title: repairTitle(result),
        style: repairStyle,
        hovered: [...result.samplers.map(({ family }) => family), 'control', 'limit'],
        opening: opening(result),
        sections,
      }).text,
    ),
    figures: charts.map(({ figure }) => ({ name: figure.name, svg: figure.svg('light') })),
  };
};
