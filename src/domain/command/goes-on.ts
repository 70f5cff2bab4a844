/** What stands under a command and changes it: a sentence that goes on in the next line, a yes that is taken back. */
import type { Command, Verb } from './command.ts';
import { fold } from './fold.ts';
import type { Grammar } from './grammar.ts';
import { longestAt } from './phrases.ts';
import { closes, isPolite, withoutSignOff } from './polite.ts';
import { type ReadLine, tidyLine } from './read-line.ts';
import { readWhen } from './read-when.ts';
import { isUnfinished, reserves } from './tails.ts';

/** Thanks between a command and what takes it back: more of them are not looked through. */
const POLITE_LINES_MAX = 4;

/** Behind these nothing is expected, so a next line in lower case is the rest of their sentence: "Take\nyour time". */
const WHOLE: ReadonlySet<Verb> = new Set<Verb>([
  ...(['accept', 'take', 'reopen', 'spam', 'dismiss', 'split', 'remind', 'release', 'retry'] as const),
  ...(['request', 'status', 'mine', 'take-over', 'ready', 'help', 'back'] as const),
]);

/** How the line at a place would be read, were it not the first. */
export type LaterLines = (at: number) => ReadLine | null;

/** Whether the lines under the command at `at` make something else of it. */
export function goesOn(
  lines: readonly string[],
  at: number,
  { command, aside }: ReadLine,
  later: LaterLines,
  grammar: Grammar,
): boolean {
  const below = nextWritten(lines, at, grammar);
  if (below === null) return false;
  // A second order is one of its own; an answer is not, since "Accept" with "No" under it is taken back.
  if (later(below) !== null) return false;
  const next = tidyLine(lines[below] ?? '');
  if (takesBackAbove(next, command, grammar)) return true;
  const isWrapped = below === at + 1 && /^\p{Ll}/u.test(next) && !/[.!]\s*$/.test(lines[at] ?? '');
  if (command.verb === 'done') return isWrapped && (reserves(next, grammar) || isUnfinished(next, grammar));
  return isWrapped && aside === null && (WHOLE.has(command.verb) || isBareAnswer(lines[at] ?? '', grammar));
}

/** "Actually no", "But only if Sam is away", "Not yet"; under `back` and `remind` a time as well: "Back\nMonday". */
function takesBackAbove(next: string, { verb }: Command, grammar: Grammar): boolean {
  const folded = fold(next);
  const begins = (list: 'conditions' | 'reservations' | 'corrections' | 'doubts' | 'unfinished'): boolean =>
    longestAt(grammar[list], folded) !== null;
  if (begins('corrections')) return true;
  if ((verb === 'back' || verb === 'remind') && readWhen(next) !== null) return true;
  if (verb === 'done' && begins('unfinished')) return true;
  if (verb !== 'done' && !WHOLE.has(verb)) return false;
  const isNo = longestAt(grammar.answers, folded)?.means === 'decline';
  return isNo || begins('doubts') || begins('conditions') || begins('reservations');
}

const isBareAnswer = (line: string, grammar: Grammar): boolean =>
  longestAt(grammar.answers, fold(tidyLine(line)))?.means === 'decline';

/** The next line that is more than politeness; null when there is none. */
function nextWritten(lines: readonly string[], at: number, grammar: Grammar): number | null {
  let polite = 0;
  for (let below = at + 1; below < lines.length; below += 1) {
    const line = lines[below] ?? '';
    if (line.trim() === '') continue;
    if (polite >= POLITE_LINES_MAX || !isCourtesy(line, grammar)) return below;
    polite += 1;
  }
  return null;
}

const isCourtesy = (line: string, grammar: Grammar): boolean =>
  closes(line, grammar) || (line.length <= 60 && isPolite(tidyLine(line), grammar));

/** Whether nothing but politeness and a sign-off stands under the line. */
export const isLast = (lines: readonly string[], at: number, grammar: Grammar): boolean =>
  withoutSignOff(lines.slice(at + 1), grammar).every(
    (line) => line.trim() === '' || isCourtesy(line, grammar),
  );
