export { type KeyedStream, keyedStream } from './keyed.js';
