export { maskedAutoregressiveFamily, realNvpFamily } from './families.js';
export { type Flow, type FlowBase, flowModel } from './flow.js';
export { type MaskedAutoregressiveConfig, maskedAutoregressive } from './maskedAutoregressive.js';
export { mixtureFlowFamily } from './mixtureFlow.js';
export { type RealNvpConfig, realNvp } from './realNvp.js';
