/**
 * What of a mail the classifier looks at: words and pairs of words, and runs of two to five characters within words,
 * which know inflections, compounds and misspellings of any language without a dictionary. Each is a number of 32 bits;
 * the words of a subject count as words of the mail and once more as words of a subject.
 *
 * A crafted collision of such numbers gains nothing that writing the other word would not.
 */
import type { Content } from './example.ts';
import { count, type OpenTally, openTally, type Tally } from './tally.ts';
import { wordsOf } from './words.ts';

/** Which features a mail has, and how often each. */
export type Features = {
  readonly features: Int32Array;
  /** At most 255 of each. */
  readonly counts: Uint8Array;
  /** So many of them are words and the like; the others are runs of characters, which are weighed apart. */
  readonly words: number;
};

const RUN_MIN = 2;
const RUN_MAX = 5;
/** Words of a mail that are taken apart: those that come first tell what it is about. */
const TAKEN_APART_MAX = 150;
const FILES_MAX = 20;
const FILE_NAME_MAX = 100;
const COUNT_MAX = 255;

/** Kinds of features that must not be taken for each other although their letters are the same. */
const Kind = { word: 1, pair: 2, run: 3, subject: 4, sender: 5, file: 6 } as const;

export function featuresOf(content: Content): Features {
  const subject = formsOf(content.subject);
  const body = formsOf(content.body);
  const words = openTally(4 * (subject.length + body.length));
  for (const form of subject) count(words, hashOf(Kind.subject, form));
  countWords(words, subject);
  countWords(words, body);
  if (content.senderDomain !== '') count(words, hashOf(Kind.sender, content.senderDomain));
  for (const file of content.files.slice(0, FILES_MAX)) {
    for (const form of formsOf(file.slice(-FILE_NAME_MAX))) count(words, hashOf(Kind.file, form));
  }
  return together(words, runsOf([...subject, ...body]));
}

const formsOf = (text: string): string[] => wordsOf(text).map(({ form }) => form);

/** Each word, and with the one before it. */
function countWords(words: OpenTally, forms: readonly string[]): void {
  let before = '';
  for (const form of forms) {
    count(words, hashOf(Kind.word, form));
    count(words, hashOf(Kind.pair, `${before} ${form}`));
    before = form;
  }
}

/** Each distinct word is taken apart once, however often it stands in the mail. */
function runsOf(forms: readonly string[]): OpenTally {
  const times = new Map<string, number>();
  for (const form of forms) {
    const before = times.get(form);
    if (before !== undefined || times.size < TAKEN_APART_MAX) times.set(form, (before ?? 0) + 1);
  }
  const runs = openTally(32 * times.size);
  for (const [form, often] of times) for (const run of runsOfWord(form)) count(runs, run, often);
  return runs;
}

function together(words: Tally, runs: Tally): Features {
  const features = new Int32Array(words.size + runs.size);
  const counts = new Uint8Array(features.length);
  let end = 0;
  for (const tally of [words, runs]) {
    for (let place = 0; place < tally.size; place += 1, end += 1) {
      features[end] = tally.features[place] ?? 0;
      counts[end] = Math.min(COUNT_MAX, tally.counts[place] ?? 0);
    }
  }
  return { features, counts, words: words.size };
}

/** With a space at both ends, so that how a word begins and ends is told from what stands within it. */
export function runsOfWord(form: string): number[] {
  const padded = ` ${form} `;
  const found: number[] = [];
  for (let from = 0; from + RUN_MIN <= padded.length; from += 1) {
    let hash = startOf(Kind.run);
    const end = Math.min(padded.length, from + RUN_MAX);
    for (let at = from; at < end; at += 1) {
      hash = step(hash, padded.charCodeAt(at));
      if (at - from + 1 >= RUN_MIN) found.push(mixed(hash));
    }
  }
  return found;
}

export const hashOfWord = (form: string): number => hashOf(Kind.word, form);

function hashOf(kind: number, text: string): number {
  let hash = startOf(kind);
  for (let at = 0; at < text.length; at += 1) hash = step(hash, text.charCodeAt(at));
  return mixed(hash);
}

/** FNV-1a over UTF-16 units, with the last mixing of MurmurHash3 so that near words lie far apart. */
const startOf = (kind: number): number => step(0x811c9dc5, kind);
const step = (hash: number, unit: number): number => Math.imul(hash ^ unit, 0x01000193);

function mixed(hash: number): number {
  let mix = hash ^ (hash >>> 16);
  mix = Math.imul(mix, 0x85ebca6b);
  mix ^= mix >>> 13;
  mix = Math.imul(mix, 0xc2b2ae35);
  return mix ^ (mix >>> 16);
}
