import { styleSheet } from '../style.js';
import { divergingVariables } from './diverging.js';

/** The report's style, and what an audit adds to it. */
export const auditStyle = `${styleSheet}
:root { ${divergingVariables('light')} }
@media screen and (prefers-color-scheme: dark) { :root { ${divergingVariables('dark')} } }

h1 { overflow-wrap: anywhere; }
.word { display: flex; align-items: center; gap: 16px; margin: 18px 0 16px; max-width: none; font-size: clamp(38px, 5vw + 18px, 64px); font-weight: 700; line-height: 1.05; letter-spacing: -0.03em; }
.word svg { flex: none; fill: none; stroke: currentColor; stroke-width: 2.6; stroke-linecap: round; stroke-linejoin: round; }
.word circle { stroke: none; fill: currentColor; opacity: 0.14; }
.word small { margin-top: 6px; font-size: 15px; letter-spacing: 0; }
.matched { color: var(--encoder-mc); }
.mismatched { color: var(--encoder-analytic); }
.collapsed { color: var(--separate); }
header .verdict { margin-top: 0; font-size: clamp(19px, 1.2vw + 13px, 25px); line-height: 1.36; }
.reasons { margin: 0 0 22px; padding: 0; list-style: none; max-width: 860px; font-size: 15px; }
.reasons li { display: grid; grid-template-columns: 11.5em minmax(0, 1fr); gap: 4px 20px; padding: 9px 0; border-top: 1px solid var(--line); }
.reasons li:last-child { border-bottom: 1px solid var(--line); }
.reasons a { font-weight: 600; color: var(--ink); text-decoration-color: var(--line); }
.cure { font-size: 17px; }
.cure span { color: var(--muted); }

.statistics { margin-top: 20px; font-size: 14px; }
.statistics th, .statistics td { padding: 12px 0 12px 24px; text-align: left; white-space: normal; }
.statistics th:first-child { position: static; padding-left: 0; width: 34%; font-weight: 600; background: none; }
.statistics tbody th small { margin-left: 0; max-width: 38ch; font-size: 12.5px; }
.statistics .group th { padding: 30px 0 8px; width: auto; font-size: 16px; border-bottom-color: var(--ink); }
.statistics tbody:first-of-type .group th { padding-top: 18px; }
.statistics thead th { font-size: 13px; }
.statistics tbody tr:hover > * { background: none; }
.statistics .value { width: 23%; }
.statistics .value b { font-size: 16px; font-weight: 650; white-space: nowrap; }
.unit { color: var(--muted); }
.saturated { color: var(--separate); }
.statistics .sample { width: 15%; font-size: 13px; color: var(--muted); }
.sample span { display: block; white-space: nowrap; }
.sample .p { color: var(--ink); }
.strip { display: block; width: 100%; max-width: 260px; height: auto; margin: 0 0 3px -8px; }
.without b { font-weight: 500; color: var(--muted); }
.without small { max-width: 60ch; font-size: 13px; }
.densities { max-width: 760px; font-size: 14px; }
.densities th { white-space: normal; }
.densities tbody th small { margin-left: 0; }
.densities .chosen th, .densities .chosen td { font-weight: 650; }
.notes { margin-top: 20px; padding: 14px 18px; border-left: 3px solid var(--accent); background: var(--surface); font-size: 14.5px; }
.notes p { margin: 0 0 4px; }
.notes ul { margin: 0; padding-left: 20px; }

@media (max-width: 700px) {
  .word svg { width: 34px; height: 34px; }
  .word { gap: 12px; }
  .reasons li { grid-template-columns: minmax(0, 1fr); }
}
@media screen and (max-width: 700px) {
  .statistics, .statistics tbody { display: block; }
  .statistics thead { display: none; }
  .statistics tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 8px 16px; padding: 14px 0; border-bottom: 1px solid var(--line); }
  .statistics th, .statistics td, .statistics th:first-child, .statistics .value, .statistics .sample { width: auto; padding: 0; border: 0; }
  .statistics tbody th, .statistics .floor, .statistics .without td { grid-column: 1 / -1; }
  .statistics tr.group, .statistics tbody:first-of-type tr.group { padding: 28px 0 6px; border-bottom-color: var(--ink); }
  .statistics tr.group th, .statistics tbody:first-of-type .group th { padding: 0; }
  .statistics .sample { text-align: right; }
  .strip { max-width: 320px; }
  .statistics .floor:empty { display: none; }
  .densities th, .densities td { padding-left: 12px; }
  .densities th:first-child { padding-left: 0; }
}
@media print {
  .word { font-size: 34pt; }
  .statistics { font-size: 8.5pt; }
  .statistics th, .statistics td { padding: 5px 0 5px 12px; }
  .statistics tbody th { min-width: 0; }
  .strip { max-width: 180px; }
}
`;
