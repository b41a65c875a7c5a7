export { codesFigure, codesTitle } from './codes.js';
