/** What a first line that is no command may have meant, for the question back; never acted on. */
import type { Verb } from './command.ts';
import { fold, QUOTE_MARKS, tidy, trimFrame } from './fold.ts';
import type { Grammar } from './grammar.ts';
import { longestAt } from './phrases.ts';
import { readReferences } from './references.ts';
import { Everyday } from './spellings/everyday.ts';

/** A longer line is prose, and not about a command. */
const WORDS_MAX = 8;
const YES = /^[👍👌✅🆗✔☑🙌💪]/u;
const NO = /^[👎❌🚫✖]/u;

/** `text` is all that was written: a reaction needs its second line. */
export function suggest(firstLine: string, text: string, grammar: Grammar): Verb | null {
  const plain = firstLine.slice(0, 200).trim();
  if (QUOTE_MARKS.has(plain.charAt(0))) return quotedVerb(plain, grammar);
  const reaction = reactionOf(plain, text.slice(0, 1_000), grammar);
  if (reaction !== null) return reaction;
  const tidied = tidy(plain);
  const line = fold(trimFrame(readReferences(tidied)?.rest ?? tidied));
  if (QUOTE_MARKS.has(line.charAt(0))) return null;
  const hint = grammar.hints.get(line);
  if (hint !== undefined) return hint;
  const answer = longestAt(grammar.answers, line);
  if (answer !== null && /^(?:$| ?[,:：.!?？;–—]| - )/u.test(line.slice(answer.text.length)))
    return answer.means;
  const words = line.split(' ').map(trimFrame);
  if (words.length > WORDS_MAX) return null;
  const begun = longestAt(grammar.verbs, line);
  // "Away" alone tells of nothing yet.
  if (begun !== null && !grammar.awayFrom.has(line))
    return begun.means === 'ask' && !line.includes('@') ? 'help-from' : begun.means;
  return longestAt(grammar.beginnings, line)?.means ?? handoffIn(line, grammar) ?? typoOf(words, grammar);
}

/** A command with the quotation marks that our mails print around it, and nothing else on the line. */
function quotedVerb(line: string, { verbs }: Grammar): Verb | null {
  const letters = [...trimFrame(line)];
  while (QUOTE_MARKS.has(letters[0] ?? '')) letters.shift();
  while (QUOTE_MARKS.has(letters.at(-1) ?? '')) letters.pop();
  const inner = fold(tidy(letters.join('')));
  const found = longestAt(verbs, inner);
  return found !== null && found.text === trimFrame(inner) ? found.means : null;
}

/** A thumbs-up that comes as mail: alone, or with the sentence that a mail program puts beside it. */
function reactionOf(line: string, text: string, grammar: Grammar): Verb | null {
  const folded = fold(text);
  const isAlone = !/[\p{L}\p{N}]/u.test(line);
  if (!isAlone && !grammar.reactions.some((phrase) => folded.includes(phrase))) return null;
  if (NO.test(line)) return 'decline';
  return YES.test(line) || (!isAlone && /👍|liked|thumbs up|daumen/u.test(folded)) ? 'accept' : null;
}

/** "Should we hand off to Sam?" */
function handoffIn(line: string, grammar: Grammar): Verb | null {
  for (let at = line.indexOf(' '); at >= 0; at = line.indexOf(' ', at + 1)) {
    if (longestAt(grammar.verbs, line.slice(at + 1))?.means === 'handoff') return 'handoff';
  }
  return null;
}

/** One word with a wrong letter, or the first of a phrase that is otherwise right. */
function typoOf(words: readonly string[], grammar: Grammar): Verb | null {
  const [word = ''] = words;
  // "Later" is one letter from nothing that anybody means by it.
  if (word.length < 3 || Everyday.has(word)) return null;
  const meant = grammar.heads.find(({ word: right, rest, verb }) => {
    if (Math.abs(word.length - right.length) > 2) return false;
    const goesOn = rest.length === 0 ? words.length === 1 : rest.every((part, at) => words[at + 1] === part);
    return (goesOn || (verb === 'handoff' && words.includes('to'))) && isTypo(word, right);
  });
  return meant?.verb ?? null;
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
