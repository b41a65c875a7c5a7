import { html, type Markup, trusted } from './html.js';

/** A section of a page and its name in the contents. */
export interface PageSection {
  readonly id: string;
  readonly contents: string;
  readonly markup: Markup;
}

export interface PageParts {
  readonly title: string;
  /** CSS of the page. */
  readonly style: string;
  /** Names of what lights up together, in all figures and tables, when the pointer is on any of it. */
  readonly hovered: readonly string[];
  readonly opening: Markup;
  readonly sections: readonly PageSection[];
}

/** Nothing may be loaded: pictures are in the page, and there is no script. */
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

const linkedHover = (ids: readonly string[]): string =>
  [...new Set(ids)].map((id) => `body:has(.s-${id}:hover) figure .s:not(.s-${id}) { opacity: 0.15; }`).join('\n');

/** One self-contained page: contents beside it on wide screens, the opening, then the sections. */
export const page = ({ title, style, hovered, opening, sections }: PageParts): Markup => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(`${style}\n${linkedHover(hovered)}`)}</style>
</head>
<body>
<nav aria-label="Contents"><ol>${sections.map(({ id, contents }) => html`<li><a href="#${id}">${contents}</a></li>`)}</ol></nav>
<main>
${opening}
${sections.map(({ markup }) => markup)}
</main>
</body>
</html>
`;
