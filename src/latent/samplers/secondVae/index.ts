export { secondVaeFamily } from './family.js';
export { type SecondVaeConfig, secondVae } from './model.js';
