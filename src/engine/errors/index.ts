export { DTypeError, GraphError, InputError, NonFiniteError, ShapeError } from './errors.js';
export { didYouMean, nearestName } from './nearest.js';
