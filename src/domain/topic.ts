/**
 * Whether two subject lines are about one thing. Two questions, because evidence differs: are they the same subject
 * but for what mail programs and lists add, and have they nothing at all in common.
 *
 * Any text will do, and time is linear: baseSubject cuts what is longer than any mail program shows.
 */
import { baseSubject } from './subject.ts';

/** The same subject in one form, for comparing and as a key; '' when there is none. */
export const canonicalSubject = (subject: string): string =>
  baseSubject(withoutNumber(subject))
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, ' ')
    .trim();

/** Our own number of a request, which members' programs copy and customers quote. */
const withoutNumber = (subject: string): string =>
  subject.replace(/(?<![\p{L}\p{N}_#&])#[1-9]\d{0,8}\b/gu, ' ');

/**
 * Whether nothing is left of the one subject in the other. People sharpen subjects ("Leak, URGENT", "Parking (was:
 * Leak)"), and that is no new matter; one shared word is enough, and an empty subject says nothing.
 */
export function isOtherTopic(one: string, other: string): boolean {
  const [a, b] = [canonicalSubject(one), canonicalSubject(other)];
  if (a === '' || b === '' || a === b) return false;
  const known = new Set(wordsOf(a));
  const words = wordsOf(b);
  // Of "??" and "Ok" nobody can tell what they are about.
  return known.size > 0 && words.length > 0 && !words.some((word) => known.has(word));
}

/** Shorter ones ("is", "of", "my") are shared by strangers; a Chinese or Japanese word may have one character. */
const LETTERS_MIN = 3;
/** So are these. */
const JOINING = new Set(
  'the and for with about from your our this that und der die das den für mit von ein eine les des une pour avec los las una por para con del'.split(
    ' ',
  ),
);

const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

function wordsOf(text: string): string[] {
  return [...segmenter.segment(text)]
    .filter(
      ({ isWordLike, segment }) =>
        isWordLike === true &&
        ((segment.length >= LETTERS_MIN && !JOINING.has(segment)) || isIdeographic(segment)),
    )
    .map(({ segment }) => segment);
}

const isIdeographic = (text: string): boolean =>
  /\p{Script=Han}|\p{Script=Katakana}|\p{Script=Hangul}/u.test(text);
