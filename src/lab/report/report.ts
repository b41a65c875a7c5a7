import type { Study } from '../studies/study.js';
import { decoderScore, type Figure, klDecay } from './figures/index.js';
import { html, type Markup, trusted } from './html.js';
import { commandSection, configurationSection } from './sections/configuration.js';
import { definitionsSection } from './sections/definitions.js';
import { figureSection } from './sections/figures.js';
import { imagesSection, type StudyFiles } from './sections/images.js';
import { opening, studyTitle } from './sections/opening.js';
import { provenanceSection } from './sections/provenance.js';
import { runsSection } from './sections/runs.js';
import { seriesOf } from './series.js';
import { styleSheet } from './style.js';

export interface Report {
  /** One self-contained page. */
  readonly html: string;
  /** The figures as files of their own, on a light ground. */
  readonly figures: readonly { readonly name: string; readonly svg: string }[];
}

const contents: readonly (readonly [string, string])[] = [
  ['runs', 'Runs'],
  ['kl-decay', 'Distance to N(0, I)'],
  ['decoder-score', 'Decoder'],
  ['images', 'Images'],
  ['configuration', 'Configuration'],
  ['command', 'Command'],
  ['provenance', 'Provenance'],
  ['definitions', 'Definitions'],
];

/** Nothing may be loaded: pictures are in the page, and there is no script. */
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** Lines of one run light up together, in all figures and tables, when the pointer is on any of them. */
const linkedHover = (ids: readonly string[]): string =>
  ids.map((id) => `body:has(.s-${id}:hover) figure .s:not(.s-${id}) { opacity: 0.15; }`).join('\n');

const page = (study: Study, figures: readonly Figure[], images: Markup): Markup => {
  const style = `${styleSheet}\n${linkedHover([...seriesOf(study).map((series) => series.id), 'normal'])}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<title>${studyTitle(study)}</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
<nav aria-label="Contents"><ol>${contents.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ol></nav>
<main>
${opening(study)}
${runsSection(study)}
${figures.map(figureSection)}
${images}
${configurationSection(study)}
${commandSection(study)}
${provenanceSection(study)}
${definitionsSection(study)}
</main>
</body>
</html>
`;
};

/**
 * The report of a study as one self-contained HTML page, and its figures as SVG files.
 * `files` reads what the study names (image grids); a file that cannot be read is named on the page.
 */
export const renderReport = async (study: Study, files: StudyFiles): Promise<Report> => {
  const figures = [klDecay(study), decoderScore(study)];
  const images = await imagesSection(study, files);
  return {
    html: page(study, figures, images).text,
    figures: figures.map((figure) => ({ name: figure.name, svg: figure.svg('light') })),
  };
};
