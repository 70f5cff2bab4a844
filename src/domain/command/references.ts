/**
 * The numbers of requests in front of a command: `1042 done`, `#1042: remind`, `1042, 1017 and 1055 remind`.
 *
 * A number alone orders nothing; what stands behind it must be a command as strictly as anywhere. A full stop or a
 * bracket behind it makes it the number of a list ("1. done") and no request's.
 */
import type { ConversationId } from '../ids.ts';
import { fold } from './fold.ts';

/** More in one line are a table, or an attack. */
const REFERENCES_MAX = 40;

const NUMBER = /#?([1-9]\d{0,8})(?![\p{L}\p{N}])/uy;
/** Between two numbers: `1042, 1017`, `1042 & 1017`, `#1042 #1017`, `1042 and 1017`. */
const BETWEEN = /(?:[ ]?[,;&+][ ]?|[ ])(?:(?:and|und|et|y)[ ])?(?=#?\d)/uy;
/** Behind the last one, in front of the command. */
const BEHIND = /[ ]?[:：][ ]?|[ ][-–—][ ]|[ ]/uy;

/** Words that may stand between two numbers. */
export const isBetweenReferences = (word: string): boolean => /^(?:and|und|et|y)$/.test(fold(word));

export type Referred = {
  /** Each once, in the order in which they were written. */
  readonly about: readonly ConversationId[];
  readonly rest: string;
};

/** `line` is tidied. Null when it begins with no number, or with one that nothing follows. */
export function readReferences(line: string): Referred | null {
  const about = new Set<ConversationId>();
  let at = 0;
  for (let count = 0; count < REFERENCES_MAX; count += 1) {
    const number = found(NUMBER, line, at);
    if (number === null) return null;
    about.add(Number(number[1]));
    at += number[0].length;
    const between = found(BETWEEN, line, at);
    if (between === null) {
      const behind = found(BEHIND, line, at);
      const rest = behind === null ? '' : line.slice(at + behind[0].length);
      return rest === '' ? null : { about: [...about], rest };
    }
    at += between[0].length;
  }
  return null;
}

function found(pattern: RegExp, line: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(line);
}

/**
 * What is left of a word without the number that it begins with: '' of `#1042,` and `done` of `1042:done`. Null for a
 * word that begins with none. Takes more for a number than the reader above does.
 */
export function behindReference(word: string): string | null {
  const number = /^[^\p{L}\p{N}]*\d[^\p{L}]*/u.exec(word);
  return number === null ? null : word.slice(number[0].length);
}
