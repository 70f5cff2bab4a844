/** Lines as they are compared: what nobody sees is gone, and case and accents are those of the base letter. */

/** A line that begins with one of these is never a command: that is how our own mails print commands. */
export const QUOTE_MARKS: ReadonlySet<string> = new Set([...'"\'`´“”„‟«»‹›‘’‚‛「『']);

const FRAME = new Set([...'.,!;:… \t*_~-–—']);
/** Format characters, variation selectors and the grapheme joiner: phones and copied text bring them along. */
const UNSEEN = /\p{Cf}|\u034f|[\ufe00-\ufe0f]/gu;
const EMOJI = /^(?:\p{Extended_Pictographic}|[\u{1f3fb}-\u{1f3ff}])$/u;
/** Without anything that has to be changed: ASCII with single spaces. */
const PLAIN = /^(?:[!-~]| (?! ))*$/;
/** Emphasis, emoji and the Spanish opening mark in front of the words. */
const LEAD = /^(?:\p{Extended_Pictographic}|[\u{1f3fb}-\u{1f3ff}]|[*_~¡ ])+/u;

/** One space between words, straight apostrophes, nothing invisible, no emphasis marks and emoji in front. */
export function tidy(line: string): string {
  // Nearly all lines are plain, and our own mails are held against the grammar line by line.
  if (PLAIN.test(line)) return line.trim().replace(LEAD, '');
  return line
    .normalize('NFC')
    .replace(UNSEEN, '')
    .replace(/[’ʼ]/g, "'")
    .replace(/\s+/g, ' ')
    .trim()
    .replace(LEAD, '');
}

/** Lower case without accents, letter by letter, so that positions stay those of the line as written. */
export const fold = (line: string): string => line.replace(/[A-Z]|[^\u0000-\u007f]/g, foldLetter);

function foldLetter(letter: string): string {
  if (letter <= 'Z') return letter.toLowerCase();
  const known = folded.get(letter);
  if (known !== undefined) return known;
  const answer = foldUnknown(letter);
  folded.set(letter, answer);
  return answer;
}

/** One code unit each, so that there are never more than 65 thousand. */
const folded = new Map<string, string>();

/** Accents come off Latin letters only: elsewhere a mark makes another letter. */
function foldUnknown(letter: string): string {
  const apart = letter.normalize('NFD');
  const base = /^\p{Script=Latin}\p{M}+$/u.test(apart) ? apart.charAt(0) : letter;
  const lower = base.toLowerCase();
  return lower.length === 1 ? lower : letter;
}

/** Without punctuation and emoji at both ends; a question mark stays. */
export function trimFrame(text: string): string {
  const letters = [...text];
  let from = 0;
  let to = letters.length;
  while (from < to && isFrame(letters[from])) from += 1;
  while (to > from && isFrame(letters[to - 1])) to -= 1;
  return letters.slice(from, to).join('');
}

const isFrame = (letter: string | undefined): boolean =>
  letter !== undefined && (FRAME.has(letter) || EMOJI.test(letter));
