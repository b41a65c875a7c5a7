import type { Study } from '../studies/study.js';
import { theoryPaths, theorySummary } from '../theory/index.js';
import {
  codesFigure,
  codesTitle,
  controlsFigure,
  decoderScore,
  type Figure,
  klDecay,
  separateScore,
} from './figures/index.js';
import { klOverTime, klSurface, misread, optimizerPaths, phasePortrait } from './figures/theory/index.js';
import { html, type Markup } from './html.js';
import { type PageSection, page } from './page.js';
import { pictureTaker, type StudyFiles } from './picture.js';
import { measuredProbes } from './probes.js';
import { claimsSection } from './sections/claims.js';
import { commandSection, configurationSection } from './sections/configuration.js';
import { definitionsSection } from './sections/definitions.js';
import { figureSection } from './sections/figures.js';
import { type ImageFigureName, imageFigure } from './sections/imageFigures.js';
import { imagesSection } from './sections/images.js';
import { opening, studyTitle } from './sections/opening.js';
import { provenanceSection } from './sections/provenance.js';
import { repairDetails, withoutControls } from './sections/repair.js';
import { runsSection } from './sections/runs.js';
import { seriesOf } from './series.js';
import { styleSheet } from './style.js';

/** A figure as files of its own. */
export interface FigureFiles {
  readonly name: string;
  /** On a light ground; absent where there was nothing to draw. */
  readonly svg?: string;
  readonly csv: string;
}

export interface Report {
  /** One self-contained page. */
  readonly html: string;
  readonly figures: readonly FigureFiles[];
}

/** A section of the page, and the files it leaves. */
interface Section extends PageSection {
  readonly files?: FigureFiles;
}

const chart = (contents: string, figure: Figure, more?: Markup): Section => ({
  id: figure.name,
  contents,
  markup: figureSection(figure, more),
  files: { name: figure.name, svg: figure.svg('light'), csv: figure.csv },
});

/** In place of a figure whose numbers a study does not hold. */
const withoutCodes = (contents: string): Section => ({
  id: 'codes',
  contents,
  markup: html`
<section id="codes">
  <h2>${codesTitle}</h2>
  <p class="absent">The finished runs of this study hold no summary of their codes, so that this figure cannot be drawn.</p>
</section>`,
});

/**
 * The report of a study as one self-contained HTML page, its figures as SVG and their data as CSV.
 * `files` reads what the study names (image grids, codes of probe images); a file that cannot be read is named on the page.
 */
export const renderReport = async (study: Study, files: StudyFiles): Promise<Report> => {
  const [summary, paths] = [theorySummary(), theoryPaths()];
  const { probes, note } = await measuredProbes(study, files);
  const portrait = phasePortrait(summary, paths, probes);
  const codes = codesFigure(study);
  const controls = controlsFigure(study);
  const charts = {
    surface: klSurface(summary),
    portrait: { ...portrait, reading: `${portrait.reading} ${note}` },
    klDecay: klDecay(study),
    separate: separateScore(study),
    score: decoderScore(study),
    overTime: klOverTime(summary, paths),
    optimizers: optimizerPaths(paths),
    misread: misread(summary),
  };

  const take = pictureTaker(files);
  const shown = new Set<string>();
  const images = async (contents: string, name: ImageFigureName): Promise<Section> => {
    const figure = await imageFigure(study, name, take);
    for (const file of figure.shown) shown.add(file);
    return { id: name, contents, markup: figure.markup, files: figure };
  };

  const sections: Section[] = [
    { id: 'claims', contents: 'Claims', markup: claimsSection(study) },
    chart('KL surface', charts.surface),
    chart('Phase portrait', charts.portrait),
    chart('Distance to N(0, I)', charts.klDecay),
    await images('Images: joint', 'images-joint'),
    await images('Images: separate', 'images-separate'),
    await images('Images: random z', 'images-random-z'),
    chart('Decoder: separate', charts.separate),
    chart('Decoder: all', charts.score),
    await images('Images: tandem', 'images-tandem'),
    codes ? chart('Codes', codes) : withoutCodes('Codes'),
    controls
      ? chart('Repair', controls, await repairDetails(study, take))
      : { id: 'repair', contents: 'Repair', markup: withoutControls },
    chart('KL on the way', charts.overTime),
    chart('Optimizers', charts.optimizers),
    chart('σ read as σ²', charts.misread),
    { id: 'runs', contents: 'Runs', markup: runsSection(study) },
    { id: 'images', contents: 'Other images', markup: await imagesSection(study, shown, take) },
    { id: 'configuration', contents: 'Configuration', markup: configurationSection(study) },
    { id: 'command', contents: 'Command', markup: commandSection(study) },
    { id: 'provenance', contents: 'Provenance', markup: provenanceSection(study) },
    { id: 'definitions', contents: 'Definitions', markup: definitionsSection(study) },
  ];
  const drawn = [...Object.values(charts), ...(controls ? [controls] : [])];
  const layers = drawn.flatMap(({ legend }) => legend.map(({ id }) => id));
  return {
    html: page({
      title: studyTitle(study),
      style: styleSheet,
      hovered: [...seriesOf(study).map(({ id }) => id), ...layers, 'normal'],
      opening: opening(study),
      sections,
    }).text,
    figures: sections.flatMap(({ files: made }) =>
      made ? [{ name: made.name, csv: made.csv, ...(made.svg !== undefined && { svg: made.svg }) }] : [],
    ),
  };
};
