/**
 * The YAML that `config.yaml` is written in: a key a line with a plain value, and below it, indented by two, a list or a map
 * of such values. Thirty times faster than a whole parser of YAML, for lists of thousands of runs.
 */
type Scalar = string | number | boolean | null;
type Block = Scalar[] | Record<string, Scalar>;

const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?$/;
const PLAIN = /^[A-Za-z_/][\w/.-]*$/;
/** What YAML of one version or another takes for something else than a text. */
const OTHER = /^(~|y|n|yes|no|on|off|true|false|null)$/i;

const scalarOf = (text: string): Scalar | undefined => {
  if (Object.hasOwn(WORDS, text)) return WORDS[text];
  if (NUMBER.test(text)) return Number(text);
  return PLAIN.test(text) && !OTHER.test(text) ? text : undefined;
};

/** The content of such a text; undefined where it holds anything else, which is then for a whole parser to read. */
export const parsePlainYaml = (text: string): Record<string, Scalar | Block> | undefined => {
  const content: Record<string, Scalar | Block> = {};
  let open: string | undefined;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, indent, dash, key, rest = ''] = /^( {2})?(?:(- )|([A-Za-z]\w*):(?: |$))(.*)$/.exec(line) ?? [];
    const value = scalarOf(rest);
    if (indent === undefined) {
      open = rest === '' ? key : undefined;
      const given = open === undefined ? value : null;
      if (key === undefined || given === undefined || Object.hasOwn(content, key)) return undefined;
      content[key] = given;
      continue;
    }
    if (open === undefined || value === undefined) return undefined;
    content[open] ??= dash === undefined ? {} : [];
    const block = content[open] as Block;
    if (Array.isArray(block) !== (dash !== undefined)) return undefined;
    if (Array.isArray(block)) block.push(value);
    else if (key === undefined || Object.hasOwn(block, key)) return undefined;
    else block[key] = value;
  }
  return Object.keys(content).length > 0 ? content : undefined;
};
