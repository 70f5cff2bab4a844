/**
 * What is wrong with text that is not YAML, in our own words: the parser's may quote a piece of a password, such as
 * one that begins with a star and is taken for a reference.
 */
import type { YAMLError } from 'yaml';
import type { Finding } from './problems.ts';

export type Fault = Finding & {
  readonly offset: number;
  /** The text stands on its own: nothing before it can have brought it about. */
  readonly alone: boolean;
};

/** One colon, quote or bracket that is missing makes the parser stumble over line after line behind it. */
const ALONE: ReadonlySet<YAMLError['code']> = new Set([
  'TAB_AS_INDENT',
  'BAD_ALIAS',
  'TAG_RESOLVE_FAILED',
  'BAD_DQ_ESCAPE',
  'BAD_SCALAR_START',
  'MULTIPLE_DOCS',
  'NON_STRING_KEY',
]);

const QUOTES = 'Text with special characters belongs in quotes: "…".';
const FAULTS: Readonly<Partial<Record<YAMLError['code'], readonly [string, string]>>> = {
  TAB_AS_INDENT: ['a tab stands where the line is indented', 'Indent with spaces.'],
  BAD_INDENT: [
    'this line is not indented like its neighbours',
    'Give the keys of one section the same number of spaces.',
  ],
  BAD_ALIAS: ['this reads as a reference (*) to an anchor that is not there', QUOTES],
  TAG_RESOLVE_FAILED: ['this reads as a YAML tag (!), and none is known here', QUOTES],
  BAD_SCALAR_START: ['a value cannot begin with this character', QUOTES],
  MISSING_CHAR: [
    'a closing quote, a bracket, a comma or a space is missing',
    `Close what was opened. ${QUOTES}`,
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    'there is a second colon on this line',
    `Begin a new line after the first, or: ${QUOTES}`,
  ],
  MULTILINE_IMPLICIT_KEY: [
    'a key goes over more than one line',
    'Is the colon after the key missing, or a quote open?',
  ],
  MULTIPLE_DOCS: [
    'a second document begins here',
    'Keep everything in one, without a line "---" in between.',
  ],
  NON_STRING_KEY: ['this key is not plain text', QUOTES],
  BAD_DQ_ESCAPE: [
    'a backslash begins no known escape here',
    "Double the backslash, or use single quotes: '…'.",
  ],
};

/** Message and remedy for a code of the YAML parser. */
export function faultText(code: YAMLError['code']): { message: string; remedy: string } {
  const [message, remedy] = FAULTS[code] ?? [
    'this is not readable as YAML',
    `Look for a missing colon, quote or bracket here or on the line above. ${QUOTES} So does a "\${NAME}" within { … }.`,
  ];
  return { message, remedy };
}

export const faultOf = (error: YAMLError): Fault => ({
  ...faultText(error.code),
  path: [],
  offset: error.pos[0],
  alone: ALONE.has(error.code),
});

/** Of those that may be echoes the first alone: whoever mends that has mended most of them. */
export function withoutEcho(faults: readonly Fault[]): readonly Fault[] {
  const inOrder = faults.toSorted((a, b) => a.offset - b.offset);
  const first = inOrder.find(({ alone }) => !alone);
  return inOrder.filter((fault) => fault.alone || fault === first);
}
