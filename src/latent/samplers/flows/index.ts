export { maskedAutoregressiveFamily, realNvpFamily } from './families.js';
export { type Flow, flowModel } from './flow.js';
export { type MaskedAutoregressiveConfig, maskedAutoregressive } from './maskedAutoregressive.js';
export { type RealNvpConfig, realNvp } from './realNvp.js';
