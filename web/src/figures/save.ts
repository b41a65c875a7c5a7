/** What a figure can be saved as. */

export const download = (name: string, content: Blob): void => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has taken the content once the click is handled.
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

/** The values that `var(--name)` and `currentColor` have on the page, for a file that no page surrounds. */
const withColours = (svg: string): string => {
  const style = getComputedStyle(document.documentElement);
  return svg
    .replace(/var\((--[\w-]+)\)/g, (_, name: string) => style.getPropertyValue(name).trim())
    .replaceAll('currentColor', style.getPropertyValue('--ink').trim());
};

/** Looks that a style sheet gives are written into the copy, on its elements. */
const LOOKS = ['fill', 'stroke', 'stroke-width', 'font', 'text-anchor', 'opacity'] as const;

const inlined = (svg: SVGSVGElement): string => {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll<SVGElement>('*');
  copy.querySelectorAll<SVGElement>('*').forEach((element, i) => {
    const style = getComputedStyle(originals[i]!);
    for (const look of LOOKS) element.style.setProperty(look, style.getPropertyValue(look));
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.style.background = 'var(--ground)';
  return withColours(new XMLSerializer().serializeToString(copy));
};

export const saveSvg = (name: string, svg: SVGSVGElement): void =>
  download(`${name}.svg`, new Blob([inlined(svg)], { type: 'image/svg+xml' }));

/** Twice as large as on the page, so that it can be printed. */
export const savePng = async (name: string, svg: SVGSVGElement): Promise<void> => {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(inlined(svg))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = 2 * svg.clientWidth;
  canvas.height = 2 * svg.clientHeight;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  await saveCanvas(name, canvas);
};

export const saveCanvas = (name: string, canvas: HTMLCanvasElement): Promise<void> =>
  new Promise((resolve) =>
    canvas.toBlob((blob) => {
      if (blob) download(`${name}.png`, blob);
      resolve();
    }),
  );

export type Table = {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (number | string | null)[])[];
};

/** A text that holds what parts fields stands in quotes (RFC 4180). */
const field = (value: number | string | null): string => {
  const text = String(value ?? '');
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export const saveCsv = (name: string, { header, rows }: Table): void => {
  const lines = [header, ...rows].map((row) => row.map(field).join(','));
  download(`${name}.csv`, new Blob([`${lines.join('\n')}\n`], { type: 'text/csv' }));
};
