/**
 * What of a mail the classifier looks at: words and pairs of words, and runs of two to five characters within words,
 * which know inflections, compounds and misspellings of any language without a dictionary. Each is a number of 32 bits;
 * the words of a subject count as words of the mail and once more as words of a subject.
 *
 * A crafted collision of such numbers gains nothing that writing the other word would not.
 */
import type { Content } from './example.ts';
import { wordsOf } from './words.ts';

/** How often each feature occurs, in the two families that are weighed apart. */
export type Features = {
  readonly words: ReadonlyMap<number, number>;
  readonly characters: ReadonlyMap<number, number>;
};

const RUN_MIN = 2;
const RUN_MAX = 5;
const FILES_MAX = 20;
const FILE_NAME_MAX = 100;

/** Kinds of features that must not be taken for each other although their letters are the same. */
const Kind = { word: 1, pair: 2, run: 3, subject: 4, sender: 5, file: 6 } as const;

export function featuresOf(content: Content): Features {
  const words = new Map<number, number>();
  const forms = new Map<string, number>();
  const subject = formsOf(content.subject);
  for (const form of subject) add(words, hashOf(Kind.subject, form));
  for (const text of [subject, formsOf(content.body)]) {
    let before = '';
    for (const form of text) {
      add(words, hashOf(Kind.word, form));
      add(words, hashOf(Kind.pair, `${before} ${form}`));
      forms.set(form, (forms.get(form) ?? 0) + 1);
      before = form;
    }
  }
  if (content.senderDomain !== '') add(words, hashOf(Kind.sender, content.senderDomain));
  for (const file of content.files.slice(0, FILES_MAX)) {
    for (const form of formsOf(file.slice(-FILE_NAME_MAX))) add(words, hashOf(Kind.file, form));
  }
  return { words, characters: runsOf(forms) };
}

const formsOf = (text: string): string[] => wordsOf(text).map(({ form }) => form);

/** Each distinct word is taken apart once, however often it stands in the mail. */
function runsOf(forms: ReadonlyMap<string, number>): Map<number, number> {
  const runs = new Map<number, number>();
  for (const [form, times] of forms) for (const run of runsOfWord(form)) add(runs, run, times);
  return runs;
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

const add = (counts: Map<number, number>, feature: number, times = 1): void => {
  counts.set(feature, (counts.get(feature) ?? 0) + times);
};
