/** Numbers as a reader meets them: with their intervals, and to the digits that those support. */
export { band, type Interval, interval, studentT975 } from './interval.js';
export { absent, duration, integer, short, tick, withInterval } from './written.js';
