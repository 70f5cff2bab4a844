/**
 * Other people's words made fit to stand in a mail of ours: no control characters, no marks that turn the reading
 * direction, bounded length, and no line break at which a quoted or rewrapped copy could begin with a command.
 *
 * Mail programs quote without marks and rewrap as they like, so a customer who writes "… done" could have our
 * notice, quoted back by a member, finish their own request. Every word that can open a command is therefore tied
 * to the word before it by a no-break space, and the first word of a line follows something of ours.
 */
import { fold } from '../command/fold.ts';
import { grammarOf } from '../command/grammar.ts';
import { isBetweenReferences } from '../command/references.ts';
import { allSpellings } from '../command/spellings/spellings.ts';

const NO_BREAK = '\u00a0';

/** Mail clients show subjects and names in one line; more is noise or an attack. */
export const NAME_MAX = 48;

/**
 * C0 and C1 controls; soft hyphen; zero-width and word-joining marks; bidi marks, embeddings and isolates (a name
 * must not turn what we write behind it around); interlinear annotation; tag characters. Joiners (U+200C, U+200D)
 * stay: Persian and emoji need them.
 */
const UNSEEN =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const LINE_BREAK = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/g;
const SPACES = /[\t\p{Zs}]+/gu;

/** The lines of a text, cleaned, without outer blank lines and with runs of blank lines folded into one. */
export function cleanLines(text: string): string[] {
  const lines: string[] = [];
  for (const raw of text.toWellFormed().replace(LINE_BREAK, '\n').split('\n')) {
    const line = raw.replace(UNSEEN, '').replace(SPACES, ' ').trim();
    if (line !== '' || (lines.length > 0 && lines.at(-1) !== '')) lines.push(line);
  }
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * The lines of a text as they are, indents and blank lines included, for whoever must see exactly what went out. Runs
 * of spaces hold together, since a line that broke inside of one would begin with what a command may begin with.
 */
export function verbatimLines(text: string): string[] {
  const lines = text
    .toWellFormed()
    .replace(LINE_BREAK, '\n')
    .split('\n')
    .map((line) =>
      line
        .replace(/\t/g, '    ')
        .replace(UNSEEN, '')
        .replace(/\p{Zs}/gu, ' ')
        .replace(/^ +| {2,}/g, tieAll)
        .trimEnd(),
    );
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A text as one cleaned line of at most `max` characters, with an ellipsis where it was cut. */
export function oneLine(text: string, max: number): string {
  // A character is at most two code units, and what is cut away may have been invisible: look at enough, not at all.
  const lines = cleanLines(text.slice(0, max * 8 + 1_000));
  return clip(lines.filter((line) => line !== '').join(' '), max);
}

/** At most `max` characters, never half of one. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const characters = [...text.slice(0, max * 2 + 2)];
  return characters.length <= max
    ? text
    : `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}

export type Excerpt = { readonly lines: readonly string[]; readonly cut: boolean };

/** The beginning of a text: at most that many characters and lines. */
export function excerpt(
  text: string,
  limits: { readonly characters: number; readonly lines: number },
): Excerpt {
  const all = cleanLines(text.slice(0, limits.characters * 4 + 1_000));
  const lines: string[] = [];
  let left = limits.characters;
  for (const line of all.slice(0, limits.lines)) {
    if (left <= 0) break;
    lines.push(clip(line, left));
    left -= line.length + 1;
  }
  const cut = lines.join('\n') !== all.join('\n') || text.length > limits.characters * 4 + 1_000;
  return { lines, cut };
}

/** What nobody sees and the parser drops: joiners, variation selectors. */
const IGNORED = /\p{Cf}|\u034f|[\ufe00-\ufe0f]/gu;

/** A line that begins with one of these is never a command, see command/read-line.ts. */
const QUOTED = /^["'`´“”„‟«»‹›‘’‚‛「『]/u;

/**
 * The runs of letters and digits, folded: `*Accept*,` is `accept`, `re-open` is `re open`, `it's` is `it s`. A symbol
 * ends a run even where it would be normalised into letters (U+2EF3, U+2122): to the parser it is none.
 */
const pieces = (text: string): readonly string[] =>
  fold(text.replace(/\p{S}/gu, ' ').normalize('NFKC').replace(IGNORED, '')).match(/[\p{L}\p{N}]+/gu) ?? [];

/** What a command, or what is forgiven in front of one, begins with, by its first piece. */
function makeOpeners(): ReadonlyMap<string, readonly (readonly string[])[]> {
  const { verbs, polite, greetings, answers } = grammarOf(allSpellings);
  const lists = [verbs, polite, greetings, answers];
  const phrases = lists.flatMap((list) => [...list.values()].flat());
  return Map.groupBy(
    phrases.map(({ text }) => pieces(text)),
    (phrase) => phrase[0] ?? '',
  );
}

const Openers = makeOpeners();

/** How much of a text is looked at for one phrase: none is longer. */
const PHRASE_MAX = 60;

/**
 * True when the text begins as a command may begin. Looks through punctuation and at spellings more broadly than the
 * parser does: a space too much that does not break harms nobody.
 */
export function mayOpenCommand(text: string): boolean {
  const start = text.slice(0, PHRASE_MAX);
  const space = start.indexOf(' ');
  if (!mayOpenWith(space < 0 ? start : start.slice(0, space))) return false;
  const found = behindNumbers(pieces(start));
  return (Openers.get(found[0] ?? '') ?? []).some((phrase) => phrase.every((piece, i) => found[i] === piece));
}

/**
 * The number of a request may stand in front of a command, see command/references.ts; or one more, where a number of
 * ours stands in front of the text: `#1042` and then "and 7 done".
 */
function behindNumbers(found: readonly string[]): readonly string[] {
  const from = found.findIndex((piece) => !isNumber(piece) && !isBetweenReferences(piece));
  return from > 0 && found.slice(0, from).some(isNumber) ? found.slice(from) : found;
}

const isNumber = (piece: string): boolean => /^\d+$/.test(piece);

/** False when no phrase begins with this word; the same words come again in every mail. */
function mayOpenWith(word: string): boolean {
  const known = openingWords.get(word);
  if (known !== undefined) return known;
  const answer = !QUOTED.test(word) && opensWith(pieces(word)[0]);
  if (openingWords.size >= WORDS_KEPT) openingWords.clear();
  openingWords.set(word, answer);
  return answer;
}

/** Of a word without letters, the next one decides. */
const opensWith = (first: string | undefined): boolean =>
  first === undefined || isNumber(first) || isBetweenReferences(first) || Openers.has(first);

const WORDS_KEPT = 20_000;
const openingWords = new Map<string, boolean>();

/** Ties every word at which a command could begin to the word before it. The length stays the same. */
export function tie(text: string): string {
  const known = ties.get(text);
  if (known !== undefined) return known;
  const tied = tieAnew(text);
  if (ties.size >= TIES_KEPT) ties.clear();
  if (text.length <= TIED_MAX) ties.set(text, tied);
  return tied;
}

/** A mail says everything twice, as text and as HTML, and its fixed sentences are those of the one before. */
const ties = new Map<string, string>();
const TIES_KEPT = 5_000;
const TIED_MAX = 200;

function tieAnew(text: string): string {
  let tied = '';
  let from = 0;
  for (let space = text.indexOf(' '); space >= 0; ) {
    const next = text.indexOf(' ', space + 1);
    const start = space + 1;
    // Nearly all words open nothing, and are the same in every mail.
    const word = text.slice(start, Math.min(next < 0 ? text.length : next, start + PHRASE_MAX));
    if (mayOpenWith(word) && mayOpenCommand(text.slice(start, start + PHRASE_MAX))) {
      tied += text.slice(from, space) + NO_BREAK;
      from = start;
    }
    space = next;
  }
  return tied + text.slice(from);
}

/** No break anywhere inside. */
export const tieAll = (text: string): string => text.replaceAll(' ', NO_BREAK);
