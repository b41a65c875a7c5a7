import { pageColour } from '../../figures/colours.js';
import type { Holes } from './threads/plane.js';

/** Of the place where the prior is densest and has no codes at all. */
const DARKEST = 0.75;

/** Where prior mass has no codes, the darker the more, as the address of an image. */
export const holesImage = ({ ticks, lacking }: Holes): string => {
  const side = ticks.length;
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext('2d')!;
  context.fillStyle = pageColour('encoder-analytic');
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      context.globalAlpha = DARKEST * lacking[row * side + column]!;
      context.fillRect(column, side - 1 - row, 1, 1);
    }
  }
  return canvas.toDataURL();
};
