import { cssVariables } from './palette.js';

/** One accent, few lines, much white space. */
export const styleSheet = `
:root { color-scheme: light dark; ${cssVariables('light')} }
@media screen and (prefers-color-scheme: dark) { :root { ${cssVariables('dark')} } }

* { box-sizing: border-box; }
html { background: var(--ground); color: var(--ink); -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; padding: 0 16px; font: 16px/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
main { max-width: 1040px; margin: 0 auto; padding: 56px 0 96px; }
section { margin-top: 88px; scroll-margin-top: 24px; }
h1 { margin: 0; font-size: 15px; font-weight: 600; line-height: 1.4; color: var(--muted); }
h2 { margin: 0 0 20px; font-size: 24px; font-weight: 650; line-height: 1.25; letter-spacing: -0.01em; }
h3 { margin: 0; font-size: 15px; font-weight: 600; }
p { margin: 0 0 12px; max-width: 68ch; }
a { color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace; font-size: 14px; }
small { display: block; font-size: 12px; font-weight: 400; line-height: 1.35; color: var(--muted); }

.verdict { margin: 14px 0 20px; max-width: 32em; font-size: clamp(23px, 2.3vw + 13px, 34px); font-weight: 600; line-height: 1.24; letter-spacing: -0.018em; text-wrap: pretty; }
.verdict span { display: block; margin-top: 14px; max-width: 46em; font-size: 18px; font-weight: 400; line-height: 1.5; letter-spacing: 0; }
.byline { max-width: none; }
time { white-space: nowrap; }
.byline, .note { font-size: 14px; color: var(--muted); }
.byline b { font-weight: 600; color: var(--ink); }
.note { margin-top: 14px; font-size: 13px; line-height: 1.55; max-width: 84ch; }
.bad { color: var(--encoder-analytic); }
.warning { margin-top: 28px; padding: 14px 18px; border-left: 3px solid var(--encoder-analytic); background: var(--surface); font-size: 15px; }
.warning p { margin: 0; max-width: none; }
.warning ul { margin: 8px 0 0; padding-left: 20px; }

.claims { margin-top: 24px; font-size: 14px; line-height: 1.5; table-layout: fixed; }
.claims th, .claims td { padding: 18px 0 18px 28px; text-align: left; white-space: normal; }
.claims thead th { padding-top: 0; padding-bottom: 10px; font-size: 13px; }
.claims thead th:first-child, .claims td.found { width: 150px; padding-left: 0; }
.claims thead th:last-child { width: 390px; }
.claims tbody th { position: static; font-size: 15.5px; font-weight: 600; line-height: 1.4; background: none; }
.claims tbody tr:hover > * { background: none; }
.claims .letter { display: inline-block; min-width: 1.4em; color: var(--muted); font-weight: 500; }
.claims .why { margin: 8px 0 0; font-size: 14px; font-weight: 400; line-height: 1.55; color: var(--muted); }
.claims .note { margin: 0; }
.found { white-space: nowrap; color: var(--ink); }
.found b { font-weight: 600; vertical-align: 6px; margin-left: 8px; }
.mark { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.mark circle { stroke: none; fill: currentColor; opacity: 0.13; }
.holds .mark { color: var(--encoder-mc); }
.does-not-hold .mark { color: var(--encoder-analytic); }
.cannot-tell .mark { color: var(--separate); }
.numbers { font-size: 13px; line-height: 1.4; }
.numbers > div { grid-template-columns: minmax(0, 1fr) auto; gap: 16px; padding: 0 0 7px; border: 0; }
.numbers dd { text-align: right; white-space: nowrap; }
.numbers small { font-size: 11.5px; }
.claims details { margin-top: 2px; }
.claims summary { font-size: 13px; }
.claims details dl { margin-top: 10px; }

nav { display: none; }
nav ol { margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: 4px 0; color: var(--muted); text-decoration: none; }
nav a:hover { color: var(--accent); }

.scroll { overflow-x: auto; margin: 0 -16px; padding: 0 16px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; line-height: 1.4; }
th, td { padding: 8px 0 8px 16px; text-align: right; vertical-align: top; white-space: nowrap; }
thead th { padding-bottom: 10px; vertical-align: bottom; font-weight: 600; white-space: normal; border-bottom: 1px solid var(--ink); }
tbody th, tbody td { border-bottom: 1px solid var(--line); }
th:first-child { position: sticky; left: -16px; padding-left: 0; text-align: left; font-weight: 500; background: var(--ground); }
thead th:first-child { font-weight: 600; }
tbody th small { max-width: 26ch; margin-left: 26px; white-space: normal; }
td.untrained { color: var(--muted); }
tbody tr:hover > * { background: var(--surface); }
.key { display: inline-block; width: 18px; height: 0; margin-right: 8px; border-top: 3px solid; vertical-align: 4px; }
.key.dashed { border-top-style: dashed; }
.key.dotted { border-top-style: dotted; }

dl { margin: 0; font-size: 14px; }
dl > div { display: grid; grid-template-columns: 8.5em minmax(0, 1fr); gap: 12px; padding: 7px 0; border-bottom: 1px solid var(--line); }
dt { color: var(--muted); }
dd { margin: 0; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 0 48px; }
.regimes { margin-top: 20px; font-size: 13px; }
.regimes > div { padding: 2px 0; border: 0; }
.regimes dt { color: var(--ink); font-weight: 600; }
.causes > div { grid-template-columns: 14em minmax(0, 1fr); }
.definitions { font-size: 15px; max-width: 820px; }
.definitions > div { grid-template-columns: 11em minmax(0, 1fr); padding: 12px 0; }
.definitions dt { color: var(--ink); font-weight: 600; }
.definitions .important { margin-top: 16px; padding: 16px 18px; border: 0; border-left: 3px solid var(--accent); background: var(--surface); }
.hash { font-size: 12px; overflow-wrap: anywhere; }
details { margin-top: 20px; }
summary { cursor: pointer; font-size: 14px; color: var(--accent); }
details .scroll { margin-top: 12px; }
pre { margin: 0 0 12px; padding: 16px 18px; overflow-x: auto; background: var(--surface); border-radius: 6px; }

figure { margin: 0; }
figure svg { display: block; width: 100%; height: auto; overflow: visible; }
figure svg text { white-space: pre; }
.s { transition: opacity 120ms; }
figcaption { margin-top: 20px; font-size: 13px; line-height: 1.6; color: var(--muted); }
figcaption p { max-width: 88ch; margin: 0 0 6px; }
.answer { font-size: 14.5px; line-height: 1.55; color: var(--ink); max-width: 76ch; }
.downloads { display: block; margin-top: 6px; }
.downloads a { margin-right: 14px; }
.narrow { display: none; }
figure > .cards + figcaption { margin-top: 24px; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0 0 18px; padding: 0; list-style: none; font-size: 13px; }

.cards { display: flex; flex-wrap: wrap; gap: 44px 48px; margin-top: 28px; }
article p { margin: 4px 0 12px; font-size: 13px; line-height: 1.5; color: var(--muted); }
.pair { display: flex; flex-wrap: wrap; gap: 12px; }
.grid img { display: block; max-width: 100%; height: auto; image-rendering: pixelated; border-radius: 2px; }
.grid figcaption { margin-top: 6px; font-size: 12px; line-height: 1.4; }
/* Pixels are drawn as two by two: at half the size they stay whole. */
.halved .grid.large img { width: calc(var(--w) * 0.5px); }
.absent { padding: 20px; background: var(--surface); font-size: 13px; }

@media (max-width: 540px) {
  .grid.large img { width: calc(var(--w) * 0.5px); }
}
@media (min-width: 1320px) {
  nav { display: block; position: fixed; top: 64px; left: max(24px, calc(50vw - 700px)); width: 150px; font-size: 13px; }
}
@media (max-width: 700px) {
  main { padding-top: 32px; }
  section { margin-top: 64px; }
  .wide { display: none; }
  .narrow { display: block; }
  .definitions > div { grid-template-columns: 1fr; gap: 2px; }
  dl > div { grid-template-columns: 7em minmax(0, 1fr); }
  .causes > div { grid-template-columns: 1fr; gap: 0; }
}
@media screen and (max-width: 700px) {
  .claims, .claims tbody, .claims tr, .claims th, .claims td { display: block; }
  .claims thead { display: none; }
  .claims tr { padding: 20px 0; border-bottom: 1px solid var(--line); }
  .claims tbody th, .claims td, .claims td.found { width: auto; padding: 0; border: 0; }
  .claims tbody th { margin: 8px 0 14px; }
  .cards-on-phone, .cards-on-phone tbody { display: block; }
  .cards-on-phone thead { display: none; }
  .cards-on-phone tr { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 20px; padding: 14px 0; border-bottom: 1px solid var(--line); }
  .cards-on-phone th, .cards-on-phone td { position: static; padding: 0; border: 0; text-align: left; white-space: normal; }
  .cards-on-phone th { grid-column: 1 / -1; font-weight: 600; font-size: 15px; }
  .cards-on-phone td[data-label^='Seed'] { grid-column: 1 / -1; }
  .cards-on-phone td:empty { display: none; }
  .cards-on-phone td::before { display: block; content: attr(data-label); font-size: 12px; color: var(--muted); }
  .cards-on-phone td[data-label^='Seed']::before { display: inline; margin-right: 6px; }
}
@media (prefers-reduced-motion: reduce) {
  html { scroll-behavior: auto; }
  .s { transition: none; }
}
@media print {
  body { padding: 0; font-size: 11pt; }
  main { max-width: none; padding: 0; }
  nav, .downloads, summary { display: none; }
  .wide { display: block; }
  .narrow { display: none; }
  section { margin-top: 32px; }
  h2 { break-after: avoid; }
  figure, article, tr, dl > div { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .scroll { overflow: visible; margin: 0; padding: 0; }
  table { font-size: 7.5pt; }
  th, td { padding: 4px 0 4px 8px; }
  th { white-space: normal; }
  tbody th { min-width: 14em; }
  small { font-size: 6.5pt; white-space: normal; }
  time { white-space: nowrap; }
  pre { white-space: pre-wrap; }
}
`;
