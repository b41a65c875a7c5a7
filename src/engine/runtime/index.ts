export { float32, type HostTensor, int64, type Runtime, type Session, uint8 } from './runtime.js';
