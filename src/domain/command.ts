/**
 * Reads commands out of what a member newly wrote.
 *
 * The first written line decides: if it is no command, nothing acts. Lines match whole, against a closed list;
 * case, punctuation, a greeting and thanks around the words are forgiven, prose is never guessed at. A line that
 * begins with a quotation mark is never a command: that is how our own mails print commands, so a rewrapped
 * quote of them cannot act. Time is linear in the text.
 */
import { English, type Spellings, type Verb, Verbs } from './command-spellings.ts';

export type Command =
  | { readonly verb: 'accept' }
  | { readonly verb: 'take' }
  | { readonly verb: 'decline'; readonly reason: string | null }
  | { readonly verb: 'handoff'; readonly name: string; readonly note: string | null }
  | { readonly verb: 'done'; readonly outcome: string | null }
  | { readonly verb: 'reopen' }
  | { readonly verb: 'note'; readonly text: string }
  | { readonly verb: 'reply'; readonly text: string }
  | { readonly verb: 'help' };

export type ParsedCommands = {
  readonly commands: readonly Command[];
  /** What was no command, kept as a note and never sent; sign-offs such as "Thanks, Sam" are left out. */
  readonly rest: string;
  /** False when the first written line is no command (or nothing was written): then `commands` is empty. */
  readonly firstLineUnderstood: boolean;
  /** What the first line may have meant, for the receipt; never acted on. */
  readonly suggestion: Verb | null;
};

/** Longer lines are prose; a free tail is cut here as well. */
const LINE_MAX = 2_000;
const TEXT_MAX = 64 * 1024;
/** A line at least this long may go on in the next one: mail clients wrap from about here. */
const WRAPPED_MIN = 60;
const NAME_MAX = 80;
const NAME_WORDS_MAX = 8;

const QUOTE_MARKS = new Set([...'"\'`´“”„‟«»‹›‘’‚‛「『']);
const FRAME = new Set([...'.,!;:… \t*_~-–—']);
const TAIL_OPENERS = new Set([...':,;.!–—-(：…']);

/** `newText` is what the member newly wrote (ReplyText.text). At most 64 KB of it are read. */
export function parseCommands(newText: string, spellings: Spellings = English): ParsedCommands {
  const lines = newText.slice(0, TEXT_MAX).split(/\r\n|\n|\r/);
  const first = lines.findIndex((line) => line.trim() !== '' && !isGreeting(line, spellings));
  const firstLine = lines[first];
  if (firstLine === undefined) return nothing(newText, null);
  if (readLine(firstLine, spellings) === null) return nothing(newText, suggest(firstLine, spellings));

  const commands: Command[] = [];
  const rest: string[] = [];
  let mayBegin = true;
  for (let i = first; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    // In the middle of a paragraph a lone "done." is a wrapped end of a sentence, not an order.
    const read = mayBegin ? readLine(line, spellings) : null;
    if (read === null) {
      rest.push(line.trimEnd());
      mayBegin = line.trim() === '';
    } else if (read.verb === 'note' || read.verb === 'reply') {
      const text = [read.text, ...lines.slice(i + 1)].join('\n').trim();
      commands.push({ verb: read.verb, text });
      break;
    } else {
      commands.push(read);
      mayBegin = line.length < WRAPPED_MIN;
    }
  }
  return {
    commands,
    rest: withoutSignOff(rest, spellings).join('\n').trim(),
    firstLineUnderstood: true,
    suggestion: null,
  };
}

/** Whether anything in the text would act: cheaper than reading it, for texts that should hold nothing of the kind. */
export function wouldAct(newText: string, spellings: Spellings = English): boolean {
  const lines = newText.slice(0, TEXT_MAX).split(/\r\n|\n|\r/);
  const first = lines.find((line) => line.trim() !== '' && !isGreeting(line, spellings));
  return first !== undefined && readLine(first, spellings) !== null;
}

/**
 * Whether a line whose first written word this is could act; false is certain, true is not. Every command begins with
 * a verb, or with a polite word or greeting in front of one.
 */
export function mayBeginCommand(word: string, spellings: Spellings = English): boolean {
  // Whoever splits lines elsewhere sees another first word.
  if (/[\r\n]/.test(word)) return true;
  const plain = tidy(word);
  // Of a letter whose small form depends on what surrounds it, either form may be meant.
  const forms = [fold(plain), letterByLetter(plain)];
  return openingsOf(spellings).some(({ first, isWhole }) =>
    forms.some((form) =>
      isWhole ? startsWithPhrase(form, first) : form === first || form.startsWith(`${first} `),
    ),
  );
}

/** The first word of each phrase, and whether it is all of it. */
type Opening = { readonly first: string; readonly isWhole: boolean };

function openingsOf(spellings: Spellings): readonly Opening[] {
  const known = openings.get(spellings);
  if (known !== undefined) return known;
  const phrases = [...Object.values(spellings.verbs).flat(), ...spellings.polite, ...spellings.greetings];
  const made = new Map<string, Opening>();
  for (const phrase of phrases) {
    const first = phrase.split(' ')[0] ?? '';
    made.set(`${first}${first === phrase}`, { first, isWhole: first === phrase });
  }
  openings.set(spellings, [...made.values()]);
  return [...made.values()];
}

const openings = new WeakMap<Spellings, readonly Opening[]>();

const nothing = (text: string, suggestion: Verb | null): ParsedCommands => ({
  commands: [],
  rest: text.trim(),
  firstLineUnderstood: false,
  suggestion,
});

/** One line as a command, or null. */
function readLine(raw: string, spellings: Spellings): Command | null {
  if (raw.length > LINE_MAX) return null;
  let line = tidy(raw);
  // Up to four polite words may stand in front ("Hi Leah, ok, yes please, accept").
  for (let stripped = 0; stripped <= 4; stripped += 1) {
    const command = readPhrase(line, spellings);
    if (command !== null) return command;
    const shorter = withoutLead(line, spellings);
    if (shorter === null) return null;
    line = shorter;
    // "Please reply" is a request to somebody, not an order to send what follows.
    const body = [...spellings.verbs.note, ...spellings.verbs.reply];
    if (body.some((phrase) => startsWithPhrase(fold(line), phrase))) return null;
  }
  return null;
}

function readPhrase(line: string, spellings: Spellings): Command | null {
  if (line === '' || QUOTE_MARKS.has(line.charAt(0))) return null;
  const folded = fold(line);
  let best: { verb: Verb; length: number } | null = null;
  for (const verb of Verbs) {
    for (const phrase of spellings.verbs[verb]) {
      if (phrase.length > (best?.length ?? 0) && startsWithPhrase(folded, phrase)) {
        best = { verb, length: phrase.length };
      }
    }
  }
  return best === null ? null : complete(best.verb, line.slice(best.length), spellings);
}

/** The command that a verb and what stands behind it make, or null when what stands behind does not belong there. */
function complete(verb: Verb, after: string, spellings: Spellings): Command | null {
  switch (verb) {
    case 'accept':
    case 'take':
    case 'reopen':
    case 'help':
      return isPolite(after, spellings) ? { verb } : null;
    case 'decline': {
      const reason = freeTail(after, spellings);
      return reason === undefined ? null : { verb, reason };
    }
    case 'done': {
      const outcome = freeTail(after, spellings);
      return outcome === undefined ? null : { verb, outcome };
    }
    case 'handoff':
      return handoff(after, spellings);
    case 'note':
    case 'reply': {
      const tail = after.trimStart();
      if (tail.startsWith(':') || tail.startsWith('：')) return { verb, text: tail.slice(1).trim() };
      return trimFrame(tail) === '' ? { verb, text: '' } : null;
    }
    default:
      return verb satisfies never;
  }
}

/** null: no tail. undefined: what follows is no tail but prose, so the line is no command. */
function freeTail(after: string, spellings: Spellings): string | null | undefined {
  if (isPolite(after, spellings)) return null;
  const tail = after.trimStart();
  const opener = tail.charAt(0);
  if (!TAIL_OPENERS.has(opener)) return undefined;
  const spaced = tail.length < after.length || opener === ':' || opener === '：' || /^\S\s/.test(tail);
  // "done-ish" and "done.example" are words of their own.
  if (!spaced && opener !== ',' && opener !== ';' && opener !== '(' && opener !== '–' && opener !== '—') {
    const second = tail.charAt(1);
    if (second !== opener && !TAIL_OPENERS.has(second)) return undefined;
  }
  const text = tail.replace(/^[:,;.!–—\-：…\s]{1,20}/u, '').trim();
  if (text.startsWith('?')) return undefined;
  return text === '' ? null : text;
}

/** NAME ends at punctuation or at the end of the line; whether it is one, and whose, the roster says. */
function handoff(after: string, spellings: Spellings): Command | null {
  const text = after.trim();
  let end = 0;
  while (end < text.length && !endsName(text, end)) end += 1;
  if (text.charAt(end) === '?') return null;
  const name = withoutPoliteEnd(text.slice(0, end).trim(), spellings);
  const words = name.split(' ');
  if (name === '' || name.length > NAME_MAX || words.length > NAME_WORDS_MAX) return null;
  if (QUOTE_MARKS.has(name.charAt(0)) || !/[\p{L}\p{N}]/u.test(name)) return null;
  const note = text
    .slice(end)
    .replace(/^[:,;.!–—\-：…\s]{1,20}/u, '')
    .trim();
  return { verb: 'handoff', name, note: note === '' || isPolite(note, spellings) ? null : note };
}

function endsName(text: string, at: number): boolean {
  const c = text.charAt(at);
  if (',;:!?…–—('.includes(c)) return true;
  const next = text.charAt(at + 1);
  const endsWord = next === '' || next === ' ' || ',;:!?'.includes(next);
  if (c === '-') return text.charAt(at - 1) === ' ' || (endsWord && next !== '');
  // "J. Osei" is a name, "Priya. She knows" is a name and a sentence.
  if (c === '.') return endsWord && !/(^|[ .])\p{L}$/u.test(text.slice(Math.max(0, at - 2), at));
  return false;
}

/** True for nothing but punctuation, emoji and polite words; false as soon as a question mark is among them. */
function isPolite(text: string, spellings: Spellings): boolean {
  let left = fold(trimFrame(text));
  for (let i = 0; i < 8 && left !== ''; i += 1) {
    const phrase = longest(spellings.polite, left);
    if (phrase === null) return false;
    left = trimFrame(left.slice(phrase.length));
  }
  return left === '';
}

/** "Hi Leah," and "Thanks!" alone on a line say nothing yet, so the first written line comes after them. */
function isGreeting(line: string, spellings: Spellings): boolean {
  const text = tidy(line);
  if (text.length > 60 || text === '' || readPhrase(text, spellings) !== null) return false;
  const greeting = longest(spellings.greetings, fold(text));
  if (greeting === null) return false;
  const name = trimFrame(text.slice(greeting.length));
  return name === '' || (/^[\p{L}.'’ -]+$/u.test(name) && name.split(' ').length <= 2 && /[,!:]$/.test(text));
}

/** The line without one polite word or greeting (and the name greeted) in front; null when it has none. */
function withoutLead(line: string, spellings: Spellings): string | null {
  const folded = fold(line);
  const polite = longest(spellings.polite, folded);
  const greeting = longest(spellings.greetings, folded);
  const lead = polite ?? greeting;
  if (lead === null) return null;
  const after = line.slice(lead.length);
  if (polite === null) {
    const named = /^ [\p{L}.'’-]{1,30}(?: [\p{L}.'’-]{1,30})?[,!:]/u.exec(after);
    if (named !== null) return trimFrame(after.slice(named[0].length));
  }
  return after.startsWith('?') ? null : trimFrame(after);
}

function withoutPoliteEnd(name: string, spellings: Spellings): string {
  for (const phrase of spellings.polite) {
    if (fold(name).endsWith(` ${phrase}`)) return name.slice(0, -phrase.length - 1).trim();
  }
  return name;
}

/** Drops "Thanks," or "Best regards" with a name under it from the end. */
function withoutSignOff(lines: readonly string[], spellings: Spellings): readonly string[] {
  const kept = [...lines];
  const dropBlank = () => {
    while (kept.length > 0 && kept.at(-1)?.trim() === '') kept.pop();
  };
  dropBlank();
  const closes = (line: string | undefined) =>
    line !== undefined && spellings.closings.includes(fold(trimFrame(tidy(line))));
  const last = kept.at(-1)?.trim() ?? '';
  if (closes(last)) kept.pop();
  else if (closes(kept.at(-2)) && last.split(' ').length <= 3 && last.length <= 40) kept.splice(-2);
  dropBlank();
  return kept;
}

/** What a first line that is no command may have meant: a typo of one word, or a verb with a tail run on. */
function suggest(raw: string, spellings: Spellings): Verb | null {
  const line = fold(trimFrame(tidy(raw).slice(0, 100)));
  if (QUOTE_MARKS.has(line.charAt(0))) return null;
  const words = line.split(' ').map(trimFrame);
  const word = words[0] ?? '';
  if (words.length === 1) {
    if (Object.hasOwn(spellings.hints, word)) return spellings.hints[word] ?? null;
  } else if (words.length > 6) return null;
  for (const verb of Verbs) {
    for (const phrase of spellings.verbs[verb]) {
      const head = phrase.split(' ')[0] ?? '';
      const oneWord = words.length === 1 || (verb === 'handoff' && words.includes('to'));
      if (phrase === head || verb === 'handoff') {
        if (word === head) return verb;
        if (oneWord && word.length >= 3 && isTypo(word, head)) return verb;
      }
    }
  }
  return null;
}

/** One wrong, missing, extra or swapped letter; two in a word of seven letters or more. */
function isTypo(word: string, right: string): boolean {
  const allowed = right.length >= 7 ? 2 : 1;
  if (Math.abs(word.length - right.length) > allowed || right.length < 4) return false;
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= word.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const cost = word[i - 1] === right[j - 1] ? 0 : 1;
      let value = Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
      const swapped = i > 1 && j > 1 && word[i - 1] === right[j - 2] && word[i - 2] === right[j - 1];
      if (swapped) value = Math.min(value, (before[j - 2] ?? 0) + 1);
      next.push(value);
    }
    before = row;
    row = next;
  }
  return (row[right.length] ?? 99) <= allowed;
}

function longest(phrases: readonly string[], folded: string): string | null {
  let best: string | null = null;
  for (const phrase of phrases) {
    if (phrase.length > (best?.length ?? 0) && startsWithPhrase(folded, phrase)) best = phrase;
  }
  return best;
}

const startsWithPhrase = (folded: string, phrase: string): boolean =>
  folded.startsWith(phrase) && !/^[\p{L}\p{N}\p{M}'@_]/u.test(folded.slice(phrase.length, phrase.length + 2));

/** Lower case, letter by letter, so that positions stay those of the line as written. */
function fold(line: string): string {
  const lower = line.toLowerCase();
  return lower.length === line.length ? lower : letterByLetter(line);
}

const letterByLetter = (line: string): string =>
  Array.from({ length: line.length }, (_, i) => {
    const c = line.charAt(i).toLowerCase();
    return c.length === 1 ? c : line.charAt(i);
  }).join('');

/** One space between words, straight apostrophes, no invisible characters, no emphasis marks in front. */
function tidy(line: string): string {
  const plain = line
    .normalize('NFC')
    .replace(/\u00ad|[\u200b-\u200f]|\u2060|\ufeff|\ufe0f/g, '')
    .replace(/[’ʼ]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
  let from = 0;
  while (from < plain.length && '*_ '.includes(plain.charAt(from))) from += 1;
  return plain.slice(from);
}

/** Without punctuation and emoji at both ends; a question mark stays. */
function trimFrame(text: string): string {
  const letters = [...text];
  let from = 0;
  let to = letters.length;
  const framing = (c: string | undefined) =>
    c !== undefined && (FRAME.has(c) || /\p{Extended_Pictographic}|[\u{1f3fb}-\u{1f3ff}]/u.test(c));
  while (from < to && framing(letters[from])) from += 1;
  while (to > from && framing(letters[to - 1])) to -= 1;
  return letters.slice(from, to).join('');
}
