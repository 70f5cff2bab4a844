/** Reads two points in time with a word between them: "Monday until Friday", "3 Aug to 17 Aug", "du lundi au vendredi". */
import { fold } from './fold.ts';
import { longestAt, type Phrases } from './phrases.ts';
import { readWhen } from './read-when.ts';
import type { When } from './when.ts';

export type Range = {
  readonly from: When;
  readonly until: When;
  /** Whether the last day counts as well. */
  readonly through: boolean;
  readonly length: number;
};

/** The beginning stands within so many characters: nobody words one at greater length. */
const BEGINNING_MAX = 60;

/** `text` is tidied. Null unless the whole of what stands between its start and the word between is one time. */
export function readRange(text: string, between: Phrases<'until' | 'through'>): Range | null {
  const folded = fold(text.slice(0, BEGINNING_MAX * 2));
  for (let at = folded.indexOf(' '); at >= 0 && at <= BEGINNING_MAX; at = folded.indexOf(' ', at + 1)) {
    const word = wordAt(folded, at + 1, between);
    if (word === null) continue;
    const from = readWhen(text.slice(0, at));
    if (from === null || from.length !== at) continue;
    const until = readWhen(text.slice(word.to));
    if (until === null) continue;
    const { through } = word;
    return { from: from.when, until: until.when, through, length: word.to + until.length };
  }
  return null;
}

function wordAt(
  folded: string,
  at: number,
  between: Phrases<'until' | 'through'>,
): { readonly through: boolean; readonly to: number } | null {
  const dash = /^[-–—] /.exec(folded.slice(at, at + 2));
  if (dash !== null) return { through: true, to: at + 2 };
  const found = longestAt(between, folded.slice(at, at + BEGINNING_MAX));
  if (found === null || folded.charAt(at + found.text.length) !== ' ') return null;
  return { through: found.means === 'through', to: at + found.text.length + 1 };
}
