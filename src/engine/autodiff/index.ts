export { type GradOptions, grad } from './grad.js';
export { type Vjp, vjps } from './vjp.js';
