import { auditStyle } from '../audit/style.js';

/** The style of an audit's page, and what a repair adds to it. */
export const repairStyle = `${auditStyle}
.repaired { color: var(--encoder-mc); }
.improved, .undecided { color: var(--separate); }
.samplers { margin-top: 20px; font-size: 13.5px; }
.samplers th, .samplers td { padding: 9px 0 9px 18px; }
.samplers th:first-child { padding-left: 0; }
.samplers tbody th small { margin-left: 0; max-width: 24ch; }
.samplers .chosen th, .samplers .chosen td { font-weight: 650; }
.samplers .chosen small { font-weight: 400; }
.samplers .control th, .samplers .control td { color: var(--encoder-mc); }
.leftout { margin-top: 20px; }
.triple { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 20px; }
.triple.two { grid-template-columns: repeat(2, minmax(0, 1fr)); max-width: 680px; }
.triple .grid img { width: 100%; }
.triple .grid figcaption b { color: var(--ink); font-weight: 600; }
.more { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 20px; margin-top: 16px; }
.more .grid img { width: 100%; }
.facts dd { overflow-wrap: anywhere; }

@media (max-width: 700px) {
  .triple, .triple.two { grid-template-columns: minmax(0, 1fr); max-width: 320px; }
}
@media screen and (max-width: 700px) {
  .samplers th, .samplers td, .samplers th:first-child { padding: 0; }
  .samplers td:empty { display: none; }
}
`;
