import { escapeHtml } from '../html.js';
import { palette, resolveColours, type Theme } from '../palette.js';

/** One question, its picture, its answer, its data. */
export interface Figure {
  /** File name without ending. */
  readonly name: string;
  /** A question. */
  readonly title: string;
  /** The answer, with numbers. */
  readonly answer: string;
  /** How to read the picture: what the bands are, what is left out. */
  readonly reading: string;
  /** What there is to see, for who cannot see it. */
  readonly description: string;
  /** The drawn numbers. */
  readonly csv: string;
  /** Inline SVG for a wide and for a narrow page; colours are the CSS variables of the page. */
  readonly wide: string;
  readonly narrow: string;
  /** Names beside colours, for the narrow picture, which has no room for them. */
  readonly legend: readonly LegendEntry[];
  /** The picture as a file of its own: colours resolved, ground and title drawn in. */
  svg(theme: Theme): string;
}

export interface LegendEntry {
  readonly id: string;
  readonly label: string;
  readonly colour: string;
  readonly stroke: 'solid' | 'dashed' | 'dotted';
}

/** A drawn panel and its place. */
export interface Placed {
  readonly svg: string;
  readonly x: number;
  readonly y: number;
}

export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly panels: readonly Placed[];
}

/** Clip paths are numbered by the library over the whole process; here they are named after their figure. */
const nameClips = (svg: string, prefix: string): string => {
  const names = new Map<string, string>();
  return svg.replace(/plot-clip-\d+/g, (id) => {
    if (!names.has(id)) names.set(id, `${prefix}-clip-${names.size + 1}`);
    return names.get(id)!;
  });
};

const place = ({ svg, x, y }: Placed): string => svg.replace('<svg ', `<svg x="${x}" y="${y}" `);

const alternative = (id: string, title: string, description: string): string =>
  `<title id="${id}-title">${escapeHtml(title)}</title><desc id="${id}-desc">${escapeHtml(description)}</desc>`;

const attributes = (id: string): string => `role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc"`;

/** Panels on one sheet, to stand in a page. */
export const inlineSheet = (id: string, title: string, description: string, sheet: Sheet): string =>
  nameClips(
    `<svg ${attributes(id)} viewBox="0 0 ${sheet.width} ${sheet.height}" width="${sheet.width}" height="${sheet.height}">` +
      `${alternative(id, title, description)}${sheet.panels.map(place).join('')}</svg>`,
    id,
  );

const border = 24;
const titleHeight = 40;

/** Panels on one sheet as an SVG file: readable by programs that know neither the page's style nor CSS variables. */
export const standaloneSheet = (id: string, title: string, description: string, sheet: Sheet, theme: Theme): string => {
  const width = sheet.width + 2 * border;
  const height = sheet.height + titleHeight + 2 * border;
  const { ground, ink } = palette[theme];
  const panels = sheet.panels.map(({ svg, x, y }) => place({ svg, x: x + border, y: y + border + titleHeight }));
  const body =
    `<svg xmlns="http://www.w3.org/2000/svg" ${attributes(id)} viewBox="0 0 ${width} ${height}" ` +
    `width="${width}" height="${height}" font-family="system-ui, sans-serif">` +
    `${alternative(id, title, description)}<rect width="${width}" height="${height}" rx="8" fill="${ground}" />` +
    `<text x="${border + 2}" y="${border + 18}" font-size="20" font-weight="600" fill="${ink}">${escapeHtml(title)}</text>` +
    `${panels.join('')}</svg>\n`;
  return resolveColours(nameClips(body, id), theme);
};
