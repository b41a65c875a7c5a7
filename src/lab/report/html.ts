/** Text that is HTML already. Only `html` and `trusted` make it; everything else is escaped where it is put in. */
export class Markup {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

export type Child = Markup | string | number | undefined | null | false | readonly Child[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe as element text and inside a quoted attribute, in HTML and in SVG. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!);

const render = (child: Child): string => {
  if (child === undefined || child === null || child === false) return '';
  if (child instanceof Markup) return child.text;
  if (typeof child === 'string' || typeof child === 'number') return escapeHtml(String(child));
  return child.map(render).join('');
};

/**
 * A piece of the page. Strings and numbers are escaped, arrays are joined, `undefined`, `null` and `false` leave
 * nothing. Attributes must be quoted in the template.
 */
export const html = (strings: TemplateStringsArray, ...children: readonly Child[]): Markup =>
  new Markup(strings.map((string, i) => string + render(children[i])).join(''));

/** Marks text of the report's own making (style sheet, drawn SVG) as HTML. Never for text that comes with a study. */
export const trusted = (text: string): Markup => new Markup(text);

/** A `data:` URI of text: shorter than base64 where letters and digits prevail. */
export const textUri = (type: string, content: string): string =>
  `data:${type};charset=utf-8,${content.replace(/[^\w.,;:()=+*/ -]+/g, encodeURIComponent)}`;

/** A `data:` URI for a download or an image. */
export const dataUri = (type: string, content: string | Uint8Array): string =>
  `data:${type};base64,${Buffer.from(content).toString('base64')}`;
