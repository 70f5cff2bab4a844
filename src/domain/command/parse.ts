/**
 * Reads commands out of what a member newly wrote.
 *
 * The first written line decides: if it is no command, nothing acts. Lines match whole, against a closed list;
 * case, accents, punctuation, a greeting and thanks around the words are forgiven, prose is never guessed at. A line
 * that begins with a quotation mark is never a command: that is how our own mails print commands, so a rewrapped
 * quote of them cannot act. Time is linear in the text.
 */
import { asWritten } from './as-written.ts';
import type { Order, Verb } from './command.ts';
import { fold, tidy } from './fold.ts';
import { goesOn, isLast, type LaterLines } from './goes-on.ts';
import { type Grammar, grammarOf } from './grammar.ts';
import { firstPiece } from './phrases.ts';
import { isGreeting, withoutSignOff } from './polite.ts';
import { type LineReader, type ReadLine, readLine, readName, tidyLine } from './read-line.ts';
import { allSpellings, type Spellings } from './spellings/spellings.ts';
import { suggest } from './suggest.ts';

export type ParsedCommands = {
  readonly commands: readonly Order[];
  /** What was no command, kept as a note and never sent; sign-offs such as "Thanks, Sam" are left out. */
  readonly rest: string;
  /** False when the first written line is no command (or nothing was written): then `commands` is empty. */
  readonly firstLineUnderstood: boolean;
  /** What the first line may have meant, for the receipt; never acted on. */
  readonly suggestion: Verb | null;
};

export type ParseOptions = {
  readonly spellings?: Spellings;
  /**
   * Whether the mail that is answered asked its reader to take something (the default): there a bare `no` declines
   * and `mine` is a yes, and anywhere else that asks for the list of what is the writer's.
   */
  readonly offered?: boolean;
  /** Names that count alone as the first line, because the mail that is answered listed them. */
  readonly mayName?: (typed: string) => boolean;
  /** Categories that count alone likewise. */
  readonly mayChoose?: (typed: string) => boolean;
  /** What may stand right behind a no: "decline billing". */
  readonly instead?: (typed: string) => boolean;
  /** Colleagues of whose absence the writer may tell: `Priya away until Friday`, `Priya back`. */
  readonly colleague?: (typed: string) => boolean;
};

const TEXT_MAX = 64 * 1024;
/** A line at least this long may go on in the next one: mail clients wrap from about here. */
const WRAPPED_MIN = 60;

/** `newText` is what the member newly wrote (ReplyText.text). At most 64 KB of it are read. */
export function parseCommands(newText: string, options: ParseOptions = {}): ParsedCommands {
  const reader = readerOf(options);
  const { grammar } = reader;
  const lines = linesOf(newText);
  const later = laterLines(lines, reader);
  const first = firstWritten(lines, reader, later);
  if (first === null) return nothing(newText, null);
  if (first.read === null)
    return nothing(newText, first.meant ?? suggest(lines[first.at] ?? '', newText, grammar));

  const commands: Order[] = [];
  const rest: string[] = [];
  let mayBegin = true;
  for (let i = first.at; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    // In the middle of a paragraph a lone "done." is a wrapped end of a sentence, not an order.
    const begins = mayBegin || isReferred(later(i));
    const read = i === first.at ? first.read : begins ? readLater(lines, i, later, grammar) : null;
    if (read === null) {
      rest.push(line.trimEnd());
      mayBegin = line.trim() === '';
      continue;
    }
    const { command, aside } = read;
    if (takesAllBelow(command)) {
      const end = endOfText(lines, i, read, later);
      const words = asWritten(line, command.text);
      commands.push({ ...command, text: [words, ...lines.slice(i + 1, end)].join('\n').trim() });
      i = end - 1;
      mayBegin = true;
      continue;
    }
    commands.push(command);
    if (aside !== null) rest.push(aside);
    mayBegin = line.length < WRAPPED_MIN;
  }
  const kept = withoutSignOff(rest, grammar).join('\n').trim();
  return { commands, rest: kept, firstLineUnderstood: true, suggestion: null };
}

/** Whether anything in the text would act: cheaper than reading it, for texts that should hold nothing of the kind. */
export function wouldAct(newText: string, spellings: Spellings = allSpellings): boolean {
  const reader = readerOf({ spellings });
  const lines = linesOf(newText);
  const first = firstWritten(lines, reader, laterLines(lines, reader));
  return first !== null && first.read !== null;
}

/**
 * Whether a line that begins with these two written words, or with the first alone, could act; false is certain, true
 * is not. Every command begins with a verb, or with a polite word or greeting in front of one; those that begin with a
 * name count for nobody whom `mayName` and `colleague` do not let pass. Numbers of requests may stand in front of all
 * of it: there, the words behind them are the ones to ask about (references.ts).
 */
export function mayBeginCommand(
  word: string,
  next: string | undefined,
  spellings: Spellings = allSpellings,
): boolean {
  const start = next === undefined ? word : `${word} ${next}`;
  // Whoever splits lines elsewhere sees another first word.
  if (/[\r\n]/.test(start)) return true;
  const folded = fold(tidy(start));
  const openings = grammarOf(spellings).openings.get(firstPiece(folded));
  if (openings === undefined) return false;
  // Behind a word that nobody sees comes the one that counts.
  return (next !== undefined && tidy(next) === '') || openings.some((opening) => folded.startsWith(opening));
}

/** False only when no command begins with this word, whatever follows it. */
export const isOpening = (word: string, spellings: Spellings = allSpellings): boolean =>
  /[\r\n]/.test(word) || grammarOf(spellings).openings.has(firstPiece(fold(tidy(word))));

const readerOf = ({
  spellings,
  offered,
  mayName,
  mayChoose,
  instead,
  colleague,
}: ParseOptions): LineReader => ({
  grammar: grammarOf(spellings ?? allSpellings),
  offered: offered ?? true,
  mayAnswer: offered ?? true,
  mayName: mayName ?? null,
  mayChoose: mayChoose ?? null,
  instead: instead ?? null,
  colleague: colleague ?? null,
});

const linesOf = (text: string): readonly string[] => text.slice(0, TEXT_MAX).split(/\r\n|\n|\r/);

/** `meant` is what the line would have been without more lines under it. */
type FirstLine = { readonly at: number; readonly read: ReadLine | null; readonly meant: Verb | null };

/** The first line that says something; greetings that are no command themselves are passed over. */
function firstWritten(lines: readonly string[], reader: LineReader, later: LaterLines): FirstLine | null {
  const { grammar } = reader;
  for (const [at, raw] of lines.entries()) {
    if (raw.trim() === '') continue;
    const line = tidyLine(raw);
    const read = readLine(line, reader);
    if (read !== null)
      return { at, read: stands(lines, at, read, later, grammar) ? read : null, meant: null };
    if (isGreeting(line, grammar)) continue;
    const command = readName(line, reader);
    if (command === null) return { at, read: null, meant: null };
    // "Sam" above a sentence speaks to Sam.
    const isAlone = isLast(lines, at, grammar);
    return { at, read: isAlone ? { command, aside: null } : null, meant: isAlone ? null : command.verb };
  }
  return null;
}

/**
 * Where the words end that belong to a command which takes all below it. In a list of orders, `1017 remind` under
 * `1042 reply: …` is the next order, and no customer may read it.
 */
function endOfText(lines: readonly string[], at: number, read: ReadLine, later: LaterLines): number {
  let end = at + 1;
  while (end < lines.length && !(isReferred(read) && isReferred(later(end)))) end += 1;
  return end;
}

const isReferred = (read: ReadLine | null): boolean => read?.command.about !== undefined;

/**
 * `send` lets words out of the house, so it must be all that was written: "send\n\nthe contract to me" is no order. In
 * a list of orders the next one may follow.
 */
function stands(
  lines: readonly string[],
  at: number,
  read: ReadLine,
  later: LaterLines,
  grammar: Grammar,
): boolean {
  if (takesAllBelow(read.command)) return true;
  if (read.command.verb === 'send')
    return isLast(lines, at, grammar) || isAmongOrders(lines, at, read, later);
  return !goesOn(lines, at, read, later, grammar);
}

function isAmongOrders(lines: readonly string[], at: number, read: ReadLine, later: LaterLines): boolean {
  const below = lines.findIndex((line, i) => i > at && line.trim() !== '');
  return isReferred(read) && below >= 0 && isReferred(later(below));
}

/**
 * Lines as they are read below the first, each once: no yes or no is among them, which only the first words of an
 * answer are.
 */
function laterLines(lines: readonly string[], reader: LineReader): LaterLines {
  const known = new Map<number, ReadLine | null>();
  const below = { ...reader, mayAnswer: false };
  return (at) => {
    const found = known.get(at);
    if (found !== undefined) return found;
    const read = readLine(tidyLine(lines[at] ?? ''), below);
    known.set(at, read);
    return read;
  };
}

/** A command under another one, which is never one that sends. */
function readLater(
  lines: readonly string[],
  at: number,
  later: LaterLines,
  grammar: Grammar,
): ReadLine | null {
  const read = later(at);
  if (read === null || (read.command.verb === 'send' && !isReferred(read))) return null;
  return stands(lines, at, read, later, grammar) ? read : null;
}

const takesAllBelow = (
  command: Order,
): command is Order & { readonly verb: 'note' | 'reply' | 'new' | 'ask' } =>
  command.verb === 'note' || command.verb === 'reply' || command.verb === 'new' || command.verb === 'ask';

const nothing = (text: string, suggestion: Verb | null): ParsedCommands => ({
  commands: [],
  rest: text.trim(),
  firstLineUnderstood: false,
  suggestion,
});
