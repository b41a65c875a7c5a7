/** Ten classes in colours that stay apart under colour blindness, on light and on dark (after Tol 2021, "muted"). */
export const CLASS_COLOURS: readonly string[] = [
  '#cc6677',
  '#5b6ee1',
  '#b59b2b',
  '#117733',
  '#56a5d8',
  '#a03363',
  '#2fa08b',
  '#8a8d2b',
  '#aa4499',
  '#c8703c',
];

/** A colour of the page for a canvas, which knows no `var(--name)`. */
export const pageColour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
