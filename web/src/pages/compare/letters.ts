import { CLASS_COLOURS } from '../../figures/colours.js';

/** Runs that are compared go by letters, which tell them apart without colour. */
export const letterOf = (i: number): string => String.fromCharCode(65 + i);

export const runColour = (i: number): string => CLASS_COLOURS[i % CLASS_COLOURS.length]!;
