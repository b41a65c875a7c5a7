import { palette, resolveColours, type Theme } from '../palette.js';

/** Steps from the neutral middle to either end. */
export const STEPS = 8;
const LETTERS = 'abcdefgh';

type Triple = readonly [number, number, number];

/** Both ends of a theme lie equally far from its ground: the same lightness and chroma, hues that no colour blindness joins. */
const ENDS: Readonly<Record<Theme, { readonly lightness: number; readonly chroma: number }>> = {
  light: { lightness: 0.56, chroma: 0.13 },
  dark: { lightness: 0.76, chroma: 0.12 },
};
const HUES = { low: 55, high: 250 } as const;

const times = (rows: readonly Triple[], [a, b, c]: Triple): Triple =>
  rows.map((row) => row[0] * a + row[1] * b + row[2] * c) as unknown as Triple;

const TO_LMS: readonly Triple[] = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const TO_LAB: readonly Triple[] = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];
const FROM_LAB: readonly Triple[] = [
  [1, 0.3963377774, 0.2158037573],
  [1, -0.1055613458, -0.0638541728],
  [1, -0.0894841775, -1.291485548],
];
const FROM_LMS: readonly Triple[] = [
  [4.0767416621, -3.3077115913, 0.2309699292],
  [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.707614701],
];

/** sRGB to OKLab. Source: Ottosson 2020, "A perceptual color space for image processing". */
export const oklabOf = (hex: string): Triple => {
  const linear = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;
  return times(TO_LAB, times(TO_LMS, linear).map(Math.cbrt) as unknown as Triple);
};

/** OKLab to sRGB; what no screen shows is cut off. */
const hexOf = (lab: Triple): string => {
  const linear = times(FROM_LMS, times(FROM_LAB, lab).map((value) => value ** 3) as unknown as Triple);
  return `#${linear
    .map((value) => Math.min(1, Math.max(0, value)))
    .map((c) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055))
    .map((c) =>
      Math.round(255 * c)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
};

/** The colours of a theme by name, even steps in OKLab from its ground: `low-a` (nearly neutral) to `low-h`, `high-a` to `high-h`. */
export const divergingColours = (theme: Theme): ReadonlyMap<string, string> => {
  const ground = oklabOf(palette[theme].ground);
  const { lightness, chroma } = ENDS[theme];
  const named = Object.entries(HUES).flatMap(([side, hue]) => {
    const angle = (hue * Math.PI) / 180;
    const end: Triple = [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
    return Array.from(LETTERS, (letter, i): [string, string] => {
      const share = (i + 1) / STEPS;
      const mixed = end.map((value, k) => ground[k]! + share * (value - ground[k]!)) as unknown as Triple;
      return [`${side}-${letter}`, hexOf(mixed)];
    });
  });
  return new Map(named);
};

/** Declarations for a CSS rule. */
export const divergingVariables = (theme: Theme): string =>
  [...divergingColours(theme)].map(([name, hex]) => `--${name}: ${hex};`).join(' ');

/** −STEPS … STEPS for values from −limit to limit; beyond them the ends. */
export const stepOf = (value: number, limit: number): number =>
  Math.max(-STEPS, Math.min(STEPS, Math.round((value / limit) * STEPS)));

/** The colour of a step as CSS takes it from the page. */
export const stepColour = (step: number): string => {
  if (step === 0) return 'var(--ground)';
  return `var(--${step < 0 ? 'low' : 'high'}-${LETTERS[Math.abs(step) - 1]})`;
};

/** Replaces every colour by its value, for a file that no page surrounds. */
export const resolveDiverging = (svg: string, theme: Theme): string => {
  const colours = divergingColours(theme);
  const resolved = svg.replace(/var\(--((?:low|high)-[a-h])\)/g, (_, name: string) => colours.get(name)!);
  return resolveColours(resolved, theme);
};
