import type { ComponentChildren } from 'preact';

/** A form for each word, so that colour only helps. */
const FORMS: Readonly<Record<string, string>> = {
  matched: '✓',
  holds: '✓',
  repaired: '✓',
  mismatched: '≠',
  'does not hold': '✗',
  collapsed: '∅',
  running: '▸',
  failed: '✗',
  crashed: '✗',
  interrupted: '‖',
};

/** A word that a reader looks for, as a label: a verdict, a state. */
export const Chip = ({ word, children }: { readonly word: string; readonly children?: ComponentChildren }) => (
  <span class={`chip ${word.replaceAll(' ', '-')}`}>
    {FORMS[word] !== undefined && <span aria-hidden="true">{FORMS[word]} </span>}
    {children ?? word}
  </span>
);
