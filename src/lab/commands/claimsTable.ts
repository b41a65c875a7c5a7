import { intervalBasis, measuredN, measuredValue, tally } from '../report/sections/claims.js';
import type { Claim, Study } from '../studies/study.js';

/** Numbers of a claim that are printed; study.json and the report hold all of them. */
const SHOWN = 2;
const INDENT = 18;
const WIDEST = 110;
const NARROWEST = 60;

/** Words in lines of at most `width` characters; a longer word has a line of its own. */
const wrapped = (text: string, width: number): string[] =>
  text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
    return lines;
  }, []);

const numberOf = (measured: Claim['measured'][number]): string => {
  const n = measuredN(measured);
  return `${measured.name} ${measuredValue(measured)}${n === '' ? '' : ` (${n})`}`;
};

const block = (claim: Claim, width: number): string => {
  const head = `${claim.id}  ${claim.verdict}`.padEnd(INDENT);
  const lines = [claim.claim, ...claim.measured.slice(0, SHOWN).map(numberOf), claim.why].flatMap((text) =>
    wrapped(text, width - INDENT),
  );
  return lines.map((line, i) => `${i === 0 ? head : ' '.repeat(INDENT)}${line}\n`).join('');
};

/** The claims with verdict, leading numbers and reason, in lines that fit the terminal. */
export const claimsTable = (study: Study, columns = 100): string => {
  const width = Math.max(NARROWEST, Math.min(WIDEST, columns));
  const basis = wrapped(intervalBasis(study), width).map((line) => `${line}\n`);
  return [
    `Of ${study.claims.length} claims ${tally(study.claims)}.\n`,
    ...basis,
    ...study.claims.map((claim) => block(claim, width)),
  ].join('');
};
