/** One line as a command: whole, from a closed list, or not at all. */
import type { Command, Order, Verb } from './command.ts';
import { fold, QUOTE_MARKS, tidy, trimFrame } from './fold.ts';
import type { Grammar } from './grammar.ts';
import { firstPiece, longestAt } from './phrases.ts';
import { isPolite, withoutLead, withoutPoliteEnd } from './polite.ts';
import { readRange } from './read-range.ts';
import { readWhen } from './read-when.ts';
import { readReferences } from './references.ts';
import {
  addressAndTail,
  freeTail,
  isNameLike,
  isUnfinished,
  isWilling,
  nameAndTail,
  reserves,
  takesBack,
  withoutWrongTeam,
} from './tails.ts';

/** Longer lines are prose. */
const LINE_MAX = 2_000;
/** "Hi Leah, ok, yes please, accept" has four. */
const LEADS_MAX = 4;

export type LineReader = {
  readonly grammar: Grammar;
  /** Whether `mine` is a yes, as the answer to "Can you take this?", or asks for the list of what is mine. */
  readonly offered: boolean;
  /** Whether a short yes or no counts: for those who were asked, as the first thing that they write. */
  readonly mayAnswer: boolean;
  readonly mayName: ((typed: string) => boolean) | null;
  readonly mayChoose: ((typed: string) => boolean) | null;
  readonly instead: ((typed: string) => boolean) | null;
  readonly colleague: ((typed: string) => boolean) | null;
};

/** `aside` is what was written behind a verb that takes nothing ("Accepted - will do today"). */
export type ReadLine = { readonly command: Order; readonly aside: string | null };

const only = (command: Command): ReadLine => ({ command, aside: null });

/** The line as it is read; '' for one that is too long to be anything but prose. */
export const tidyLine = (raw: string): string => (raw.length > LINE_MAX ? '' : tidy(raw));

/** `line` is tidied, as below. */
export const readLine = (line: string, reader: LineReader): ReadLine | null => readWhole(line, reader, true);

function readWhole(line: string, reader: LineReader, mayNest: boolean): ReadLine | null {
  const referred = readReferences(line);
  if (referred === null) return readNested(line, reader, mayNest);
  // Whoever writes the number says which question they answer, so that a bare yes or no is clear on any line.
  const named = {
    ...reader,
    offered: true,
    mayAnswer: true,
    mayName: null,
    mayChoose: null,
    colleague: null,
  };
  const read = readNested(tidy(referred.rest), named, mayNest);
  if (read === null || OfNoRequest.has(read.command.verb)) return null;
  return { ...read, command: { ...read.command, about: referred.about } };
}

/** In front of these a number means nothing; "1 request" is what a mail of ours says. */
const OfNoRequest: ReadonlySet<Verb> = new Set<Verb>([
  ...(['mine', 'away', 'back', 'new', 'take-over', 'ready', 'help'] as const),
  // Mails that could not be read have no number.
  ...(['dismiss', 'retry', 'request'] as const),
]);

function readNested(whole: string, reader: LineReader, mayNest: boolean): ReadLine | null {
  if (reader.colleague === null && !reader.grammar.openings.has(firstPiece(fold(whole)))) return null;
  let line = whole;
  // "Yes, no" is neither.
  let mayAnswer = true;
  for (let stripped = 0; stripped <= LEADS_MAX; stripped += 1) {
    const answer = mayAnswer ? readAnswer(line, reader, mayNest) : null;
    const read = readPhrase(line, reader, mayNest) ?? answer ?? readColleague(line, reader);
    mayAnswer &&= !saysYes(line, reader.grammar);
    // "Please reply" is a request to somebody, not an order to send what follows.
    if (read !== null && stripped > 0) {
      if (takesAll(read.command.verb)) return null;
      // With the lead, punctuation and emoji went from the end as well: here they are words for somebody.
      return read.command.verb === 'ask'
        ? (readPhrase(whole.slice(whole.lastIndexOf(line)), reader, mayNest) ?? read)
        : read;
    }
    if (read !== null) return read;
    const shorter = withoutLead(line, reader.grammar);
    if (shorter === null) return null;
    line = shorter;
  }
  return null;
}

const takesAll = (verb: Verb): boolean => verb === 'note' || verb === 'reply' || verb === 'new';

function readPhrase(line: string, reader: LineReader, mayNest: boolean): ReadLine | null {
  if (line === '' || QUOTE_MARKS.has(line.charAt(0))) return null;
  const found = longestAt(reader.grammar.verbs, fold(line));
  if (found === null) return null;
  const isMine = found.text === 'mine' && !reader.offered;
  const verb = isMine ? 'mine' : found.means;
  const read = complete(
    { verb, phrase: found.text, after: line.slice(found.text.length), who: null },
    reader,
  );
  if (read === null || !mayNest) return read;
  // "Accept, then hand off to Sam" is two orders, and doing one of them is wrong.
  return ordersMore(read, reader) ? null : read;
}

/** A bare no, perhaps with the reason behind it: "No, sorry, I'm at Oak St". "No. 5 leaks" is none. */
function readAnswer(line: string, reader: LineReader, mayNest: boolean): ReadLine | null {
  const { grammar, mayAnswer, mayName } = reader;
  const found = mayAnswer ? longestAt(grammar.answers, fold(line)) : null;
  if (found === null) return null;
  const after = line.slice(found.text.length);
  if (found.means === 'decline' && isWilling(after, grammar)) return null;
  if (isPolite(after, grammar)) {
    if (found.means === 'accept') return only({ verb: 'accept' });
    // Yes is a polite word as well, and "no, yes" is neither.
    const isNo = !after.split(' ').some((word) => saysYes(trimFrame(word), grammar));
    return isNo ? only({ verb: 'decline', reason: null }) : null;
  }
  if (found.means === 'accept' || !/^ ?[,:：]/.test(after)) return null;
  const reason = freeTail(after, grammar);
  if (reason === undefined || reason === null || /[?？]/.test(reason)) return null;
  if (longestAt(grammar.corrections, fold(reason)) !== null) return null;
  // In answer to a list of names, "No, Sam" may as well choose one.
  if (mayName?.(trimFrame(reason))) return null;
  const read = only({ verb: 'decline', reason });
  return mayNest && ordersMore(read, reader) ? null : read;
}

function saysYes(line: string, { verbs, answers, hints }: Grammar): boolean {
  const folded = fold(line);
  const [word = ''] = folded.split(' ', 1);
  if (hints.get(trimFrame(word)) === 'accept') return true;
  return (longestAt(verbs, folded) ?? longestAt(answers, folded))?.means === 'accept';
}

function ordersMore({ command, aside }: ReadLine, reader: LineReader): boolean {
  const tail =
    aside ?? ('reason' in command ? command.reason : 'outcome' in command ? command.outcome : null);
  if (tail === null || tail === '') return false;
  const joined = longestAt(reader.grammar.alternatives, fold(tail));
  const words = joined === null ? tail : trimFrame(tail.slice(joined.text.length));
  return readWhole(words, reader, false) !== null;
}

/** `Priya away until Friday`, `Priya back`: only of colleagues, and only for those who may tell of them. */
function readColleague(line: string, reader: LineReader): ReadLine | null {
  if (reader.colleague === null) return null;
  const words = line.split(' ', WHO_WORDS_MAX + 1);
  for (let count = 1; count < words.length && count <= WHO_WORDS_MAX; count += 1) {
    const who = words.slice(0, count).join(' ');
    const rest = line.slice(who.length + 1);
    const found = longestAt(reader.grammar.verbs, fold(rest));
    if (found === null || (found.means !== 'away' && found.means !== 'back')) continue;
    const name = trimFrame(who);
    if (!isNameLike(name) || !reader.colleague(name)) continue;
    const { means: verb, text: phrase } = found;
    return complete({ verb, phrase, after: rest.slice(phrase.length), who: name }, reader);
  }
  return null;
}

const WHO_WORDS_MAX = 4;

/**
 * A name alone, of a colleague or a category, where the mail that is answered listed such names. Nothing but a yes may
 * stand in front: "Hi Leah" and "Thanks Sam" speak to somebody, and choose nobody.
 */
export function readName(whole: string, { grammar, mayName, mayChoose }: LineReader): Command | null {
  if ((mayName === null && mayChoose === null) || /[?？]/.test(whole)) return null;
  const yes = longestAt(grammar.verbs, fold(whole));
  const isYes = yes?.means === 'accept' && longestAt(grammar.polite, yes.text)?.text === yes.text;
  const line = isYes ? trimFrame(whole.slice(yes.text.length)) : trimFrame(whole);
  const name = withoutPoliteEnd(line, grammar).replace(/[.,!;:\s]{1,10}$/u, '');
  if (!isNameLike(name)) return null;
  if (mayChoose?.(name)) return { verb: 'category', name, note: null };
  return mayName?.(name) ? { verb: 'handoff', name, note: null, bare: true } : null;
}

type Begun = {
  readonly verb: Verb;
  readonly phrase: string;
  readonly after: string;
  readonly who: string | null;
};

/** The command that a verb and what stands behind it make, or null when what stands behind does not belong there. */
function complete(begun: Begun, reader: LineReader): ReadLine | null {
  const { verb, after } = begun;
  const { grammar } = reader;
  switch (verb) {
    case 'accept':
    case 'take':
    case 'reopen':
    case 'spam':
    case 'dismiss':
    case 'split':
      return withAside({ verb }, begun, grammar);
    case 'send':
    case 'remind':
    case 'release':
    case 'retry':
    case 'request':
    case 'status':
    case 'mine':
    case 'take-over':
    case 'ready':
    case 'help':
      return isPolite(after, grammar) ? only({ verb }) : null;
    case 'back':
      return isPolite(after, grammar) ? only({ verb, who: begun.who }) : null;
    case 'decline': {
      const free = freeTail(after, grammar);
      const reason = free === undefined ? insteadIn(after, reader) : free;
      return reason === undefined ? null : only({ verb, reason });
    }
    case 'category': {
      const found = nameAndTail(after, grammar);
      return found && only({ verb, name: found.name, note: found.tail });
    }
    case 'done':
      return done(begun, grammar);
    case 'handoff': {
      const found = nameAndTail(after, grammar);
      return found && only({ verb, name: found.name, note: found.tail, bare: false });
    }
    case 'help-from': {
      const found = nameAndTail(after, grammar);
      return found && only({ verb, name: found.name, what: found.tail });
    }
    case 'note':
    case 'reply':
    case 'new': {
      const text = everythingAfter(after);
      return text === null ? null : only({ verb, text });
    }
    case 'ask': {
      const found = addressAndTail(after);
      const text = found && everythingAfter(found.after);
      return found === null || text === null ? null : only({ verb, address: found.address, text });
    }
    case 'add':
    case 'for': {
      const found = addressAndTail(after);
      return found !== null && isPolite(found.after, grammar) ? only({ verb, address: found.address }) : null;
    }
    case 'merge':
      return merge(after, grammar);
    case 'snooze':
    case 'due':
    case 'away':
      return timed(begun, verb, grammar);
    default:
      return verb satisfies never;
  }
}

/** `decline wrong team: billing`, `decline billing`: names of the configuration alone, since what else follows is prose. */
function insteadIn(after: string, { grammar, instead }: LineReader): string | undefined {
  const text = after.trim();
  const named = withoutWrongTeam(text, grammar);
  if (instead?.(trimFrame(named))) return text;
  const wrong = longestAt(grammar.wrongTeam, fold(text));
  const isWhole = wrong !== null && freeTail(text.slice(wrong.text.length), grammar) !== undefined;
  return isWhole ? text : undefined;
}

function withAside(
  command: Command & { readonly verb: 'accept' | 'take' | 'reopen' | 'spam' | 'dismiss' | 'split' },
  { phrase, after }: Begun,
  grammar: Grammar,
): ReadLine | null {
  if (isPolite(after, grammar)) return only(command);
  const aside = grammar.bareOnly.has(phrase) ? undefined : freeTail(after, grammar);
  if (aside === undefined || aside === null || reserves(aside, grammar)) return null;
  return { command, aside };
}

/** It tells the customer that all is finished, so "done, except the valve" must not. */
function done({ phrase, after }: Begun, grammar: Grammar): ReadLine | null {
  if (isPolite(after, grammar)) return only({ verb: 'done', outcome: null });
  const outcome = grammar.bareOnly.has(phrase) ? undefined : freeTail(after, grammar);
  if (outcome === undefined) return null;
  const isOver =
    outcome === null ||
    !(reserves(outcome, grammar) || isUnfinished(outcome, grammar) || isTime(outcome, grammar));
  return isOver ? only({ verb: 'done', outcome }) : null;
}

/** "Done, on Monday" tells when it will be. */
function isTime(text: string, grammar: Grammar): boolean {
  const read = readWhen(text);
  return read !== null && isPolite(text.slice(read.length), grammar);
}

/** These stand alone on their line or end in a colon; "reply sent this morning" sends nothing. */
function everythingAfter(after: string): string | null {
  const tail = after.trimStart();
  if (tail.startsWith(':') || tail.startsWith('：')) return tail.slice(1).trim();
  return trimFrame(tail) === '' ? '' : null;
}

function merge(after: string, grammar: Grammar): ReadLine | null {
  const found = /^ ?[:#]? ?#?(\d{1,9})(?![\p{L}\p{N}])/u.exec(after);
  if (found === null || !isPolite(after.slice(found[0].length), grammar)) return null;
  const into = Number(found[1]);
  return into < 1 ? null : only({ verb: 'merge', into });
}

/** A reason may follow a time directly, except one that asks or goes on with another time. */
function timed(
  { after, phrase, who }: Begun,
  verb: 'snooze' | 'due' | 'away',
  grammar: Grammar,
): ReadLine | null {
  const lead = /^ ?[:：]? ?/u.exec(after)?.[0].length ?? 0;
  if (verb === 'away' && grammar.awayFrom.has(phrase)) return awayFrom(after.slice(lead), who, grammar);
  const read = readWhen(after.slice(lead));
  if (read === null) return null;
  const rest = after.slice(lead + read.length);
  if (verb === 'due') return isPolite(rest, grammar) ? only({ verb, by: read.when }) : null;
  if (verb === 'away') {
    const cover = coverOf(rest, grammar);
    return cover === undefined ? null : only({ verb, who, until: read.when, cover });
  }
  const reason = reasonOf(rest, grammar);
  return reason === undefined ? null : only({ verb, until: read.when, reason });
}

/** "Monday until Friday, cover Sam": a beginning, a word between, and an end, each of them whole. */
function awayFrom(text: string, who: string | null, grammar: Grammar): ReadLine | null {
  const range = readRange(text, grammar.ranges);
  const cover = range === null ? undefined : coverOf(text.slice(range.length), grammar);
  if (range === null || cover === undefined) return null;
  const { from, until, through } = range;
  return only({ verb: 'away', who, from, until, ...(through && { through }), cover });
}

function reasonOf(rest: string, grammar: Grammar): string | null | undefined {
  if (isPolite(rest, grammar)) return null;
  if (rest.trimEnd().endsWith('?') || !/^[\s,;.:(!–—-]/u.test(rest)) return undefined;
  const text = rest.replace(/^[:,;.!–—\-：…\s]{1,20}/u, '').trim();
  if (text.startsWith('?') || takesBack(text, grammar)) return undefined;
  return longestAt(grammar.alternatives, fold(text)) === null ? text : undefined;
}

/** null: nobody was named. undefined: what follows is neither a cover nor nothing. */
function coverOf(rest: string, grammar: Grammar): string | null | undefined {
  if (isPolite(rest, grammar)) return null;
  const text = rest.replace(/^[,;.:(\s–—-]{1,5}/u, '');
  const found = longestAt(grammar.covers, fold(text));
  if (found === null) return undefined;
  const cover = nameAndTail(text.slice(found.text.length).replace(/\)\.?$/, ''), grammar);
  return cover === null || cover.tail !== null ? undefined : cover.name;
}
