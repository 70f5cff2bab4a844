/** The words of a body and of what we sent, made comparable: only letters and digits count, in lower case. */

/** As much of what we sent is compared. */
const SENT_MAX = 256 * 1024;
/** Words that are looked up together. */
export const SHINGLE = 3;
/** A sequence that our texts hold more often is compared in this many places. */
const PLACES_MAX = 32;

export type Word = {
  readonly text: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
};
/** `offered`: between quotation marks, as commands are. */
export type SentWord = { readonly text: string; readonly offered: boolean };

/** Letters and digits; scripts without spaces word by letter, since programs wrap them anywhere. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}]+/gu;
/** What programs print behind words that carry a link or stand for a picture. */
const BRACKETED_LINK = /[<([](?:https?:|mailto:|tel:|cid:|image:)[^\s<>)\]]{0,500}[>)\]]?/gi;
const WORD_LENGTH_MAX = 200;

export function wordsOf(line: string, number: number): Word[] {
  const shown = line.replace(BRACKETED_LINK, (link) => ' '.repeat(link.length));
  return [...shown.matchAll(WORD)].map((match) => ({
    text: fold(match[0]),
    line: number,
    from: match.index,
    to: match.index + match[0].length,
  }));
}

/** The same word whatever a program made of its letters: "ﬁx" and "fix", "é" in one or two code points. */
function fold(word: string): string {
  const head = word.slice(0, WORD_LENGTH_MAX);
  return (/[^\x20-\x7e]/.test(head) ? head.normalize('NFKC') : head).toLowerCase();
}

export type Sent = {
  /** All texts one behind the other, with an empty word between them that equals none. */
  readonly words: readonly SentWord[];
  /** Where each sequence of SHINGLE words begins. */
  readonly places: ReadonlyMap<string, readonly number[]>;
  /** Whole lines of ours, as joined words. */
  readonly lines: ReadonlySet<string>;
};

export function readSent(texts: readonly string[]): Sent {
  const words: SentWord[] = [];
  const lines = new Set<string>();
  let left = SENT_MAX;
  for (const text of texts) {
    if (left <= 0) break;
    const part = text.slice(0, left);
    left -= part.length;
    part.split(/\r\n|\n|\r/).forEach((line, i) => {
      const found = wordsOf(line, i);
      if (found.length > 1) lines.add(found.map((word) => word.text).join(' '));
      const spans = offeredSpans(line);
      let span = 0;
      for (const { text: word, from } of found) {
        while (span < spans.length && (spans[span]?.to ?? 0) <= from) span += 1;
        words.push({ text: word, offered: from > (spans[span]?.from ?? from) });
      }
    });
    words.push({ text: '', offered: false });
  }
  const places = new Map<string, number[]>();
  for (let i = 0; i + SHINGLE <= words.length; i += 1) {
    const key = shingle(words, i);
    const found = places.get(key);
    if (found === undefined) places.set(key, [i]);
    else if (found.length < PLACES_MAX) found.push(i);
  }
  return { words, places, lines };
}

const OFFERED = /["“„«]([^"“”„«»]{1,80})["”“»]/g;

const offeredSpans = (line: string): { readonly from: number; readonly to: number }[] =>
  [...line.slice(0, 4_000).matchAll(OFFERED)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));

export function shingle(words: readonly { readonly text: string }[], at: number): string {
  let key = '';
  for (let n = 0; n < SHINGLE; n += 1) key += `${words[at + n]?.text ?? ''} `;
  return key;
}
