/**
 * The colours of the report, for a light and a dark ground. Text colours and the colours of runs keep a contrast of at
 * least 4.5 : 1 on their ground (WCAG AA), and the runs that share a figure stay apart under the three kinds of colour
 * blindness. The hues follow Okabe & Ito, "Color Universal Design" (2008), darkened or lightened for contrast.
 */
const light = {
  ground: '#ffffff',
  surface: '#f5f6f7',
  line: '#dfe2e6',
  ink: '#16191d',
  muted: '#5a626c',
  accent: '#1873bc',
  joint: '#1873bc',
  'encoder-mc': '#05674c',
  'encoder-analytic': '#ae2406',
  normal: '#000000',
  separate: '#a0620a',
  tandem: '#62127a',
  'random-z': '#596067',
};

export type ColourName = keyof typeof light;
export type Theme = 'light' | 'dark';

const dark: Record<ColourName, string> = {
  ground: '#14171b',
  surface: '#1d2126',
  line: '#31373f',
  ink: '#eceef0',
  muted: '#a2abb6',
  accent: '#7abcfa',
  joint: '#7abcfa',
  'encoder-mc': '#34a883',
  'encoder-analytic': '#fb6a3c',
  normal: '#ffffff',
  separate: '#f7b556',
  tandem: '#cc68b8',
  'random-z': '#c8cdd4',
};

export const palette: Readonly<Record<Theme, Readonly<Record<ColourName, string>>>> = { light, dark };

/** The colour as CSS takes it from the page: follows the reader's light or dark ground. */
export const colour = (name: ColourName): string => `var(--${name})`;

/** Declarations for a CSS rule: `--ground: #ffffff; ...`. */
export const cssVariables = (theme: Theme): string =>
  Object.entries(palette[theme])
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ');

/** Replaces every `var(--name)` and `currentColor` by its value, for a file that no page surrounds. */
export const resolveColours = (svg: string, theme: Theme): string =>
  svg
    .replace(/var\(--([a-z-]+)\)/g, (whole, name: string) => palette[theme][name as ColourName] ?? whole)
    .replaceAll('currentColor', palette[theme].ink);
