/** What may stand around a command without changing it: greetings, thanks, names greeted, sign-offs. */
import { fold, tidy, trimFrame } from './fold.ts';
import type { Grammar } from './grammar.ts';
import { longestAt } from './phrases.ts';

/** More polite words in a row are prose. */
const POLITE_MAX = 8;
/** A name with thanks behind it is no longer. */
const NAMED_WORDS_MAX = 16;

/** True for nothing but punctuation, emoji and polite words; false as soon as a question mark is among them. */
export function isPolite(text: string, grammar: Grammar): boolean {
  let left = fold(trimFrame(text));
  for (let i = 0; i < POLITE_MAX && left !== ''; i += 1) {
    const phrase = longestAt(grammar.polite, left);
    if (phrase === null) return false;
    left = trimFrame(left.slice(phrase.text.length));
  }
  return left === '';
}

/** The tidied line without one polite word or greeting (and the name greeted) in front; null when it has none. */
export function withoutLead(line: string, grammar: Grammar): string | null {
  const folded = fold(line);
  const polite = longestAt(grammar.polite, folded);
  const greeting = longestAt(grammar.greetings, folded);
  const isGreeted = (greeting?.text.length ?? 0) > (polite?.text.length ?? 0);
  const lead = isGreeted ? greeting : polite;
  if (lead === null) return null;
  const after = line.slice(lead.text.length);
  if (isGreeted) {
    const named = /^ [\p{L}.'’-]{1,30}(?: [\p{L}.'’-]{1,30})?[,!:]/u.exec(after);
    if (named !== null) return trimFrame(after.slice(named[0].length));
  }
  return after.startsWith('?') ? null : trimFrame(after);
}

/** "Hi Leah," and "Thanks!" alone on a line say nothing yet, so the first written line comes after them. */
export function isGreeting(tidied: string, grammar: Grammar): boolean {
  if (tidied.length > 60 || tidied === '') return false;
  const greeting = longestAt(grammar.greetings, fold(tidied));
  if (greeting === null) return false;
  const name = trimFrame(tidied.slice(greeting.text.length));
  return (
    name === '' || (/^[\p{L}.'’ -]+$/u.test(name) && name.split(' ').length <= 2 && /[,!:]$/.test(tidied))
  );
}

/** "Sam please", "Sam, danke schön": the name alone. */
export function withoutPoliteEnd(name: string, grammar: Grammar): string {
  const words = name.split(' ');
  if (words.length > NAMED_WORDS_MAX) return name;
  for (let from = 1; from < words.length; from += 1) {
    if (isPolite(words.slice(from).join(' '), grammar)) return trimEndFrame(words.slice(0, from).join(' '));
  }
  return name;
}

const trimEndFrame = (text: string): string => text.replace(/[,;:!\s]{1,10}$/u, '');

/** Drops "Thanks," or "Best regards" with a name under it from the end. */
export function withoutSignOff(lines: readonly string[], grammar: Grammar): readonly string[] {
  const kept = [...lines];
  const dropBlank = () => {
    while (kept.length > 0 && kept.at(-1)?.trim() === '') kept.pop();
  };
  dropBlank();
  const last = kept.at(-1)?.trim() ?? '';
  if (closes(last, grammar)) kept.pop();
  else if (closes(kept.at(-2), grammar) && last.split(' ').length <= 3 && last.length <= 40) kept.splice(-2);
  dropBlank();
  return kept;
}

/** Whether the line closes a mail: "Viele Grüße,". */
export const closes = (line: string | undefined, grammar: Grammar): boolean =>
  line !== undefined && line.length <= 60 && grammar.closings.has(fold(trimFrame(tidy(line))));
