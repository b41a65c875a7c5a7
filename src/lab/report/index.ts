export { curvesCsv } from './csv.js';
export { decoderScore, type Figure, klDecay } from './figures/index.js';
export { type GridLayout, imageGrid } from './grid.js';
export { type ColourName, cssVariables, palette, type Theme } from './palette.js';
export type { StudyFiles } from './picture.js';
export { type FigureFiles, type Report, renderReport } from './report.js';
