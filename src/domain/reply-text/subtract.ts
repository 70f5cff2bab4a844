/**
 * Marks in a body what is ours: every part of a mail that we sent, however it was wrapped, prefixed, re-encoded,
 * trimmed or answered in between. We know each word that we sent, so no pattern of any mail program is needed.
 *
 * Only words count, in lower case: marks, bullets, quotation marks, kinds of space and links in brackets do not. A
 * run of words is ours when it stands in one of our texts in that order and is long enough, or fills whole lines
 * right beside other lines of ours. Words that our text holds in quotation marks alone ("accept") are never ours by
 * themselves: that is how our notices offer what a member may type.
 *
 * Linear in the length of body and texts: sequences of words are found by hash, each looked at in few places.
 */

import { readSent, type Sent, type SentWord, SHINGLE, shingle, type Word, wordsOf } from './sent-words.ts';

export type Piece = { readonly text: string; readonly ours: boolean };

/** A run of so many words is ours wherever it stands. */
const RUN_MIN = 8;
/** Fewer are ours when they fill lines of their own, no fewer than so many words and letters. */
const LINE_RUN_MIN = 4;
const LINE_LETTERS_MIN = 14;
/** A run that shares a line with other words is cut out of it only when it is as long as this. */
const SHARED_RUN_MIN = 12;
/** A program leaves out so many words of ours at most between two lines that belong together. */
const GAP_MAX = 40;

/** Every line of the body in order; a line that is partly ours comes in pieces. */
export function subtractSent(lines: readonly string[], sent: readonly string[]): Piece[] {
  const ours = readSent(sent);
  if (ours.words.length === 0) return lines.map((text) => ({ text, ours: false }));
  const words = lines.flatMap((line, i) => wordsOf(line, i));
  const runs = findRuns(words, ours);
  return settle(lines, words, runs, ours);
}

// --- runs -----------------------------------------------------------------------------------------------------

/** Words `from` to `to` of the body stand in our texts from place `at` on. */
type Run = { readonly from: number; readonly to: number; readonly at: number };

function findRuns(words: readonly Word[], ours: Sent): Run[] {
  const runs: Run[] = [];
  let free = 0;
  for (let i = 0; i + SHINGLE <= words.length; ) {
    const run = longestAt(words, i, ours);
    if (run === null) {
      i += 1;
      continue;
    }
    const from = backwards(words, run, ours, free);
    runs.push({ from, to: run.to, at: run.at - (run.from - from) });
    free = run.to;
    i = run.to;
  }
  return runs;
}

function longestAt(words: readonly Word[], i: number, ours: Sent): Run | null {
  let best: Run | null = null;
  for (const at of ours.places.get(shingle(words, i)) ?? []) {
    let length = SHINGLE;
    while (i + length < words.length && isSame(words[i + length], ours.words[at + length])) length += 1;
    if (best === null || length > best.to - best.from) best = { from: i, to: i + length, at };
  }
  return best;
}

function backwards(words: readonly Word[], run: Run, ours: Sent, free: number): number {
  let from = run.from;
  let at = run.at;
  while (from > free && at > 0 && isSame(words[from - 1], ours.words[at - 1])) {
    from -= 1;
    at -= 1;
  }
  return from;
}

const isSame = (word: Word | undefined, sent: SentWord | undefined): boolean =>
  word !== undefined && sent !== undefined && word.text === sent.text && word.text !== '';

// --- lines ----------------------------------------------------------------------------------------------------

type LineWords = { readonly first: number; readonly end: number };

/** Decides line by line, by the runs that touch it. */
function settle(lines: readonly string[], words: readonly Word[], runs: readonly Run[], ours: Sent): Piece[] {
  const perLine = lineWords(lines.length, words);
  const counted = runs.some((run) => isLong(run, ours)) ? countedRuns(runs, words, perLine, ours) : [];
  const covered = cover(words, counted, perLine, ours);
  const isOurs = perLine.map(({ first, end }) => {
    if (first === end) return null;
    for (let w = first; w < end; w += 1) if (covered[w] === 0) return false;
    return true;
  });
  addShortLines(perLine, words, ours, counted, isOurs);
  return lines.flatMap((text, i) => {
    const { first, end } = perLine[i] as LineWords;
    // Marks without words (a bare "|", a rule of dashes) go with the lines of ours beside them; an emoji does not.
    if (isOurs[i] === null) return [{ text, ours: ONLY_MARKS.test(text) && isBesideOurs(isOurs, i) }];
    if (isOurs[i]) return [{ text, ours: true }];
    return cutOut(text, words, covered, first, end);
  });
}

function lineWords(count: number, words: readonly Word[]): LineWords[] {
  const perLine: LineWords[] = [];
  let w = 0;
  for (let line = 0; line < count; line += 1) {
    const first = w;
    while (w < words.length && words[w]?.line === line) w += 1;
    perLine.push({ first, end: w });
  }
  return perLine;
}

/** For each word the length of the run that makes it ours, or 0. */
function cover(
  words: readonly Word[],
  counted: readonly Run[],
  perLine: readonly LineWords[],
  ours: Sent,
): Uint32Array {
  const covered = new Uint32Array(words.length);
  counted.forEach((run, i) => {
    covered.fill(run.to - run.from, run.from, run.to);
    const next = counted[i + 1];
    if (next !== undefined) fillGap(run, next, words, perLine, ours, covered);
  });
  return covered;
}

/**
 * The long runs, and the short ones that are a part of what they quote; what stands alone in a mail that quotes nothing
 * else of ours is a phrase that both happened to write. A member's own line may well stand in a mail
 * of ours word for word ("for maria@example.com", which a colleague wrote before): alone it is theirs.
 */
function countedRuns(
  runs: readonly Run[],
  words: readonly Word[],
  perLine: readonly LineWords[],
  ours: Sent,
): Run[] {
  const counts = runs.map((run) => isLong(run, ours));
  const mayCount = runs.map((run) => fillsLines(run, words, perLine, ours));
  const isPart = (i: number): boolean => {
    const run = runs[i];
    const before = runs[lastCounted(counts, i)];
    const after = runs[nextCounted(counts, i)];
    if (run === undefined) return false;
    if (before?.to === run.from && after?.from === run.to) return true;
    const size = run.to - run.from;
    const end = before === undefined ? 0 : before.at + before.to - before.from;
    const start = after === undefined ? 0 : after.at - size;
    return (
      (before !== undefined && standsIn(words, run, ours, placesFrom(ours, end, 1))) ||
      (after !== undefined && standsIn(words, run, ours, placesFrom(ours, start, -1)))
    );
  };
  const look = (i: number) => {
    if (counts[i] !== true && mayCount[i] === true) counts[i] = isPart(i);
  };
  for (let i = 0; i < runs.length; i += 1) look(i);
  for (let i = runs.length - 1; i >= 0; i -= 1) look(i);
  return runs.filter((_, i) => counts[i]);
}

const lastCounted = (counts: readonly boolean[], i: number): number =>
  i === 0 ? -1 : counts.lastIndexOf(true, i - 1);
const nextCounted = (counts: readonly boolean[], i: number): number => counts.indexOf(true, i + 1);

/** The places of our text from one on, forwards or backwards, as far as words that belong together may be apart. */
function placesFrom({ words }: Sent, at: number, step: 1 | -1): number[] {
  const places: number[] = [];
  // An empty word divides two mails.
  for (let n = 0; n <= GAP_MAX && (words[at + n * step]?.text ?? '') !== ''; n += 1)
    places.push(at + n * step);
  return places;
}

/** Whether the words of a run stand at one of these places: what our mails repeat is looked for beside its neighbours. */
const standsIn = (words: readonly Word[], run: Run, ours: Sent, places: readonly number[]): boolean =>
  places.some((at) => {
    let n = 0;
    while (n < run.to - run.from && isSame(words[run.from + n], ours.words[at + n])) n += 1;
    return n === run.to - run.from;
  });

const sentOf = ({ from, to, at }: Run, ours: Sent): readonly SentWord[] =>
  ours.words.slice(at, at + to - from);

const lettersOf = (words: readonly { readonly text: string }[]): number =>
  words.reduce((sum, { text }) => sum + text.length, 0);

const isOffered = (sent: readonly SentWord[]): boolean => sent.every((word) => word.offered);

function isLong(run: Run, ours: Sent): boolean {
  if (run.to - run.from < RUN_MIN) return false;
  const sent = sentOf(run, ours);
  return lettersOf(sent) >= 2 * LINE_LETTERS_MIN && !isOffered(sent);
}

function fillsLines(run: Run, words: readonly Word[], perLine: readonly LineWords[], ours: Sent): boolean {
  const first = perLine[words[run.from]?.line ?? 0];
  const last = perLine[words[run.to - 1]?.line ?? 0];
  if (first?.first !== run.from || last?.end !== run.to) return false;
  const sent = sentOf(run, ours);
  return sent.length >= LINE_RUN_MIN && lettersOf(sent) >= LINE_LETTERS_MIN && !isOffered(sent);
}

/** Between two runs that follow one another in our text, the few words that are missing, on a line of their own. */
function fillGap(
  run: Run,
  next: Run,
  words: readonly Word[],
  perLine: readonly LineWords[],
  ours: Sent,
  covered: Uint32Array,
): void {
  const missing = ours.words.slice(run.at + run.to - run.from, next.at);
  if (next.at < run.at || missing.length === 0 || missing.length >= RUN_MIN || isOffered(missing)) return;
  for (let from = run.to; from + missing.length <= next.from; from += 1) {
    const to = from + missing.length;
    const line = perLine[words[from]?.line ?? 0];
    if (line?.first !== from || perLine[words[to - 1]?.line ?? 0]?.end !== to) continue;
    if (missing.every((word, n) => isSame(words[from + n], word))) covered.fill(RUN_MIN, from, to);
  }
}

/**
 * Lines of few words that are whole lines of ours: they count right above or below another line of ours, and where our
 * text goes on with them from the words of ours before or after, whatever was written in between.
 */
function addShortLines(
  perLine: readonly LineWords[],
  words: readonly Word[],
  ours: Sent,
  counted: readonly Run[],
  isOurs: (boolean | null)[],
): void {
  const add = (order: readonly number[]) => {
    let beside = false;
    for (const i of order) {
      if (isOurs[i] === null) continue;
      const { first, end } = perLine[i] as LineWords;
      if (isOurs[i] === false && isWholeLine(words, first, end, ours)) {
        isOurs[i] = beside || goesOn(words, first, end, counted, ours);
      }
      beside = isOurs[i] === true;
    }
  };
  const order = isOurs.map((_, i) => i);
  add(order);
  add(order.reverse());
}

const isWholeLine = (words: readonly Word[], first: number, end: number, ours: Sent): boolean =>
  ours.lines.has(
    words
      .slice(first, end)
      .map((word) => word.text)
      .join(' '),
  );

function goesOn(
  words: readonly Word[],
  first: number,
  end: number,
  counted: readonly Run[],
  ours: Sent,
): boolean {
  const before = counted.findLast((run) => run.to <= first);
  const after = counted.find((run) => run.from >= end);
  const places = [
    ...(before === undefined ? [] : [before.at + before.to - before.from]),
    ...(after === undefined ? [] : [after.at - (end - first)]),
  ];
  return standsIn(words, { from: first, to: end, at: 0 }, ours, places);
}

/** Or what is left of "ask joe@plumber.example: can you …?" where a line broke before its last marks. */
const ONLY_MARKS = /^(?!-- ?$)[\s>|│*•·_=–—-]*(?:[>|│*•·_=–—-]|[….?!]*["”][.,;:)]*)\s*$/;
const BESIDE_MAX = 3;

function isBesideOurs(isOurs: readonly (boolean | null)[], i: number): boolean {
  const look = (step: number): boolean => {
    for (let n = 1; n <= BESIDE_MAX; n += 1) {
      const near = isOurs[i + n * step];
      if (near === undefined) return false;
      if (near !== null) return near;
    }
    return false;
  };
  return look(-1) || look(1);
}

/**
 * A long run at the beginning or the end of a line on which somebody wrote is cut off; in the middle of a sentence,
 * or short, it is what they chose to repeat.
 */
function cutOut(
  text: string,
  words: readonly Word[],
  covered: Uint32Array,
  first: number,
  end: number,
): Piece[] {
  const long = (w: number): boolean => (covered[w] ?? 0) >= SHARED_RUN_MIN;
  let head = first;
  while (head < end && long(head)) head += 1;
  let tail = end;
  while (tail > head && long(tail - 1)) tail -= 1;
  if (head === first && tail === end) return [{ text, ours: false }];
  const from = head === first ? 0 : (words[head - 1]?.to ?? 0);
  const to = tail === end ? text.length : (words[tail]?.from ?? text.length);
  const pieces = [
    { text: text.slice(0, from), ours: true },
    { text: text.slice(from, to).replace(/^[\s.,;:!?"'”’)>|-]+/, ''), ours: false },
    { text: text.slice(to), ours: true },
  ];
  return pieces.filter((piece) => piece.text.trim() !== '');
}
