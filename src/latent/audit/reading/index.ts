/** How the numbers of an audit are called and written. */
export { groups, type Named, names } from './names.js';
export { type FloorStrip, floorStrip, floorWords, medianOf, placeOf } from './place.js';
export { bareValue, counted, percent, pText, unitText, withError, zName } from './words.js';
