import { altosaar } from './altosaar.js';
import { lyeoni } from './lyeoni.js';
import type { Preset } from './preset.js';

export type { Preset } from './preset.js';

/** Every preset by name. */
export const presets: Readonly<Record<'altosaar' | 'lyeoni', Preset>> = { altosaar, lyeoni };
