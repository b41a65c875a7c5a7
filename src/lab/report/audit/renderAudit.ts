import type { AuditResult } from '../../../latent/audit/index.js';
import type { Figure } from '../figures/index.js';
import { type PageSection, page } from '../page.js';
import { figureSection } from '../sections/figures.js';
import {
  activeUnits,
  classes,
  correlation,
  dimensionKl,
  holeMap,
  marginals,
  quantilePlots,
  radius,
  rateSplit,
  ratio,
  spectrum,
} from './figures/index.js';
import { auditedSection, densitiesSection } from './sections/audited.js';
import { auditDefinitions } from './sections/definitions.js';
import { type AuditImages, imagesSection } from './sections/images.js';
import { modelsSection } from './sections/models.js';
import { auditTitle, opening } from './sections/opening.js';
import { statisticsSection } from './sections/statistics.js';
import { auditStyle } from './style.js';

export interface AuditReport {
  /** One self-contained page. */
  readonly html: string;
  /** The figures as files of their own, on a light ground. */
  readonly figures: readonly { readonly name: string; readonly svg: string }[];
}

/** What is drawn of codes, of the prior and of holes, and the parts of the rate. */
const HOVERED = ['codes', 'normal', 'draws', 'holes', 'information', 'correlation', 'dimensionwise'];

const chartsOf = (result: AuditResult): { readonly contents: string; readonly figure: Figure }[] =>
  [
    { contents: 'Rate', figure: rateSplit(result) },
    { contents: 'Holes: r(z)', figure: ratio(result) },
    { contents: 'Holes: map', figure: holeMap(result) },
    { contents: 'Dimensions', figure: dimensionKl(result) },
    { contents: 'Marginals', figure: marginals(result) },
    { contents: 'Quantiles', figure: quantilePlots(result) },
    { contents: 'Correlation', figure: correlation(result) },
    { contents: 'Spectrum', figure: spectrum(result) },
    { contents: 'Radius', figure: radius(result) },
    { contents: 'Active units', figure: activeUnits(result) },
    { contents: 'Classes', figure: classes(result) },
  ].flatMap(({ contents, figure }) => (figure ? [{ contents, figure }] : []));

/** `N(0, I)` stays on one line. */
const unbroken = (text: string): string => text.replace(/N\(0, ([I1])\)/g, 'N(0,\u00a0$1)');

/**
 * An audit as one self-contained HTML page, and its figures as SVG files. What the codes at hand cannot give (the split of
 * the rate without posteriors, correlation of one dimension) has no figure; its statistics say why.
 *
 * Throws: what fast-png throws for images that are no PNG files.
 */
export const renderAudit = (result: AuditResult, images?: AuditImages): AuditReport => {
  const charts = chartsOf(result);
  const densities = densitiesSection(result);
  const models = modelsSection(result);
  const sections: PageSection[] = [
    { id: 'statistics', contents: 'Statistics', markup: statisticsSection(result) },
    ...charts.map(({ contents, figure }) => ({ id: figure.name, contents, markup: figureSection(figure) })),
    ...(images ? [{ id: 'images', contents: 'Images', markup: imagesSection(result, images) }] : []),
    ...(densities ? [{ id: 'densities', contents: 'Densities', markup: densities }] : []),
    ...(models ? [{ id: 'models', contents: 'Models', markup: models }] : []),
    { id: 'audited', contents: 'What was audited', markup: auditedSection(result) },
    { id: 'definitions', contents: 'Definitions', markup: auditDefinitions(result) },
  ];
  return {
    html: unbroken(
      page({
        title: auditTitle(result),
        style: auditStyle,
        hovered: HOVERED,
        opening: opening(result),
        sections,
      }).text,
    ),
    figures: charts.map(({ figure }) => ({ name: figure.name, svg: figure.svg('light') })),
  };
};
