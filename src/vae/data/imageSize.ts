/** Width and height of images of so many pixels: as told, else of a square. Undefined where it is none. */
export const imageSize = (
  pixels: number,
  told: { readonly width?: number | undefined; readonly height?: number | undefined },
): { readonly width: number; readonly height: number } | undefined => {
  const { width, height } = told;
  if (width !== undefined && height !== undefined && width * height === pixels) return { width, height };
  const side = Math.round(Math.sqrt(pixels));
  return side * side === pixels ? { width: side, height: side } : undefined;
};
