export { initialParameters } from './initial.js';
export { decode, decoderShapes, encode, encoderShapes, type MlpConfig, type Scale } from './mlp.js';
