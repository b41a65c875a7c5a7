export { binarise } from './binarise.js';
export type { Dataset, ImageSet } from './dataset.js';
export { drawGlyph, STROKE_MODEL_VERSION } from './glyphs/draw.js';
export { type GlyphCounts, glyphs } from './glyphs/glyphs.js';
export { imageSize } from './imageSize.js';
export { epochOrder } from './order.js';
