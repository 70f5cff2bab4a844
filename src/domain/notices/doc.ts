/**
 * A mail as a small document, from which the text and the HTML are made, so that both say the same.
 *
 * What we say and what others said never mix: plain strings of ours enter only through `say` and `own`, words of
 * customers, members and the configuration only through `words` and `quote`.
 */
import { mayOpenCommand, oneLine, tie, tieAll } from './words.ts';

export type Span = {
  /**
   * A `break` ends a line within a paragraph; `answer-to` begins a mail to one of our addresses; a `link` is an
   * address of the board.
   */
  readonly kind: 'own' | 'strong' | 'command' | 'words' | 'break' | 'answer-to' | 'link';
  readonly text: string;
  /** Of an `answer-to`. */
  readonly mail?: { readonly address: string; readonly subject: string };
  /** What a template calls this value; none: it cannot be placed by itself. */
  readonly name?: string;
  /** A value that a wording of its own may leave out. */
  readonly spare?: boolean;
  /** A value that a template sets in bold. */
  readonly bold?: boolean;
};

export type Block = BlockContent & {
  /** What a template calls this passage; several may share a name and stay together. */
  readonly name?: string;
  /** Without it, or what it asks and tells, the mail would fail its reader: a template may not leave it out. */
  readonly needed?: true;
};

type BlockContent =
  | { readonly kind: 'paragraph'; readonly spans: readonly Span[] }
  | { readonly kind: 'heading'; readonly spans: readonly Span[] }
  /** What must not be passed over, such as whom to call in an emergency. */
  | { readonly kind: 'callout'; readonly spans: readonly Span[] }
  | { readonly kind: 'muted'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Span[])[] }
  /**
   * Each with a bar that shows at a glance what its figure says. `cards`: sentences, with the bar below; `rows`: names and
   * numbers in columns.
   */
  | { readonly kind: 'bars'; readonly style: 'cards' | 'rows'; readonly bars: readonly Bar[] }
  /** The same few figures of several things, below each other. */
  | { readonly kind: 'table'; readonly rows: readonly Row[] }
  /** Words of others at length: who said it when, the lines, and what came with it. */
  | {
      readonly kind: 'quote';
      readonly lead: readonly Span[] | null;
      readonly lines: readonly string[];
      readonly tail: readonly Span[] | null;
    };

export type Bar = {
  /** Of what: a name. */
  readonly label: readonly Span[];
  /** What the bar shows, in words: a reader who sees no bar misses nothing. */
  readonly figure: readonly Span[];
  /** Its length and the part of it that stands out, of 1. */
  readonly share: number;
  readonly marked: number;
  /** What follows below the bar in a mail with pictures, and behind the figure in plain text. */
  readonly below: readonly (readonly Span[])[];
};

export type Row = { readonly label: readonly Span[]; readonly cells: readonly Cell[] } & Noted;
/** `head`: of what it is, said anew in each row, so that it is heard with its figure. */
export type Cell = { readonly head: readonly Span[]; readonly figure: readonly Span[] } & Noted;
/** What is said beside, such as how it was before. */
type Noted = { readonly note: readonly Span[] | null };

export type Doc = readonly Block[];

/** Everything that is said in a block, in order. */
export function spansOf(block: Block): readonly Span[] {
  switch (block.kind) {
    case 'quote':
      return [...(block.lead ?? []), ...(block.tail ?? [])];
    case 'list':
      return block.items.flat();
    case 'bars':
      return block.bars.flatMap(({ label, figure, below }) => [...label, ...figure, ...below.flat()]);
    case 'table':
      return block.rows.flatMap(spansOfRow);
    default:
      return block.spans;
  }
}

const spansOfRow = ({ label, note, cells }: Row): readonly Span[] => [
  ...label,
  ...(note ?? []),
  ...cells.flatMap((cell) => [...cell.head, ...cell.figure, ...(cell.note ?? [])]),
];

type Said = Span | readonly Span[] | null;

/** Words of ours that are not known before, such as a time. */
export const own = (text: string): Span => ({ kind: 'own', text });
export const strong = (text: string): Span => ({ kind: 'strong', text });

/** Where to write, for what cannot be answered by answering the mail that it stands in. */
export const answerTo = (
  text: string,
  mail: { readonly address: string; readonly subject: string },
): Span => ({
  kind: 'answer-to',
  text,
  mail,
});

/** An address of the board, written out: its reader sees where it leads. */
export const boardLink = (url: string): Span => ({ kind: 'link', text: url });

export const lineBreak: Span = { kind: 'break', text: '\n' };

/** A part of a sentence that a template may place by this name, such as the time until when. */
export function value(name: string, said: Said): readonly Span[] {
  if (said === null) return [];
  return (isSpan(said) ? [said] : said).map((span) => ({ ...span, name }));
}

/** The same, of what a reader can do without. */
export const spare = (name: string, said: Said): readonly Span[] =>
  value(name, said).map((span) => ({ ...span, spare: true }));

/** A passage that a template may place by this name, or leave out. */
export const named = (name: string, block: Block): Block => ({ ...block, name });

/** A passage that a template must hold: as it is, or in words of its own with the same answers and values. */
export const needed = (name: string, block: Block): Block => ({ ...block, name, needed: true });

/** What a reader may answer: always in straight quotation marks, which never begin a command for the parser. */
export const command = (text: string): Span => ({ kind: 'command', text: `"${tieAll(text)}"` });

/** Somebody else's words within a sentence of ours. Those that could open a command stand in quotation marks. */
export function words(text: string, max: number): Span {
  const line = oneLine(text, max);
  return { kind: 'words', text: mayOpenCommand(line) && line !== '' ? `"${line}"` : line };
}

/** Somebody else's words in quotation marks, which is also how they can never begin a command. */
export const quotation = (text: string, max: number): Span => ({
  kind: 'words',
  text: `"${oneLine(text, max)}"`,
});

/** `say\`Can you take this? Reply ${command('accept')}.\``: literal text is ours, null leaves nothing. */
export function say(strings: TemplateStringsArray, ...values: readonly Said[]): readonly Span[] {
  const spans: Span[] = [];
  for (const [i, text] of strings.entries()) {
    if (text !== '') spans.push(own(text));
    const value = values[i];
    if (value !== null && value !== undefined) spans.push(...(isSpan(value) ? [value] : value));
  }
  return spans;
}

const isSpan = (said: Span | readonly Span[]): said is Span => !Array.isArray(said);

export const paragraph = (...sentences: readonly Said[]): Block => ({
  kind: 'paragraph',
  spans: joined(sentences, ' '),
});
export const heading = (spans: readonly Span[]): Block => ({ kind: 'heading', spans });
export const callout = (spans: readonly Span[]): Block => ({ kind: 'callout', spans });
export const muted = (...sentences: readonly Said[]): Block => ({
  kind: 'muted',
  spans: joined(sentences, ' '),
});
export const bars = (style: 'cards' | 'rows', all: readonly Bar[]): Block => ({
  kind: 'bars',
  style,
  bars: all,
});
export const table = (rows: readonly Row[]): Block => ({ kind: 'table', rows });
export const list = (items: readonly (readonly Span[])[]): Block => ({ kind: 'list', items });

/** Puts `between` between those that say something. */
export function joined(parts: readonly Said[], between: string): readonly Span[] {
  const out: Span[] = [];
  for (const part of parts) {
    if (part === null) continue;
    const spans = isSpan(part) ? [part] : part;
    if (spans.length === 0) continue;
    if (out.length > 0) out.push(own(between));
    out.push(...spans);
  }
  return out;
}

/** "a", "a or b", "a, b or c". */
export function choice(parts: readonly Said[], last: 'or' | 'and'): readonly Span[] {
  if (parts.length < 2) return joined(parts, '');
  return joined([joined(parts.slice(0, -1), ', '), joined(parts.slice(-1), '')], ` ${last} `);
}

/** The spans with every word that may open a command tied to the one before, across the borders of spans. */
export function tied(spans: readonly Span[]): readonly Span[] {
  const whole = tie(spans.map((span) => span.text).join(''));
  let at = 0;
  return spans.map((span) => {
    const text = whole.slice(at, at + span.text.length);
    at += span.text.length;
    return { ...span, text };
  });
}
