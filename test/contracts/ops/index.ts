import type { OpName } from '../../../src/engine/graph/index.js';
import { elementwise } from './elementwise.js';
import type { OpCase } from './opCase.js';
import { structure } from './structure.js';

/** Cases of every operation; one without a case does not compile. */
export const cases: { readonly [K in OpName]: readonly OpCase[] } = { ...elementwise, ...structure };

/** Operations through which no gradient passes, whatever their inputs. */
export const withoutGradient: ReadonlySet<OpName> = new Set<OpName>(['constant', 'detach', 'cast', 'greater']);
