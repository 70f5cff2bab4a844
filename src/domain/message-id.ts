/**
 * Message-IDs out of header fields as real mail programs write them (RFC 5322 section 3.6.4 and what happens in
 * the wild), in one canonical form: no angle brackets, no white space, no control characters, case kept.
 *
 * Every function takes any text, works in linear time and answers with a bounded list.
 */

/** Longer values are cut at the front: the newest ids, which name the parent, stand last. */
const VALUE_MAX = 65_536;
/** Longer ids are junk or an attack; the longest honest ones seen have about 500 characters. */
const ID_MAX = 998;
/** Of more ids the first (the root of the thread) and the newest are kept. */
export const MESSAGE_IDS_MAX = 200;

/**
 * The ids of a References or In-Reply-To value in the order given, without brackets and repetitions.
 *
 * Seen in the wild and understood: ids without space or with commas between them, ids folded in the middle
 * (`<abc\r\n def@x>`), doubled or missing brackets, `&lt;id&gt;` of web forms, ids encoded as words (Python's email
 * package folds long ones into `=?utf-8?q?=3C…?=`), bare ids, and prose (`Your message of "Tue, 5 Oct" <id>`), of
 * which a bracketed text stays and bare words only count when nothing is bracketed and they hold an `@`.
 */
export function parseMessageIds(value: string): string[] {
  const text = readable(value);
  const found = text.includes('<') ? bracketed(text) : bareWords(text);
  const ids = [...new Set(found)];
  const root = ids[0];
  return root === undefined || ids.length <= MESSAGE_IDS_MAX
    ? ids
    : [root, ...ids.slice(1 - MESSAGE_IDS_MAX)];
}

/**
 * One Message-ID value in the canonical form in which parseMessageIds gives it to those who answer, or null when
 * nothing usable is there. Without brackets the whole value counts, an `@` or not: a mail may call itself what it likes.
 */
export function normaliseMessageId(value: string): string | null {
  const text = readable(value);
  return text.includes('<') ? (bracketed(text)[0] ?? null) : canonical(text);
}

function readable(value: string): string {
  const cut = value.length > VALUE_MAX ? value.slice(-VALUE_MAX) : value;
  return decodeWords(cut).replaceAll('&lt;', '<').replaceAll('&gt;', '>');
}

/** The texts between `<` and `>`; a `<` before the `>` came ends the text as well. */
function bracketed(text: string): string[] {
  const ids: string[] = [];
  let open = text.indexOf('<');
  while (open >= 0) {
    const next = text.indexOf('<', open + 1);
    const inside = text.slice(open + 1, next < 0 ? text.length : next);
    const close = inside.indexOf('>');
    const id = canonical(close < 0 ? inside : inside.slice(0, close));
    if (id !== null) ids.push(id);
    open = next;
  }
  return ids;
}

const bareWords = (text: string): string[] =>
  text.split(/[\s,;]+/).flatMap((word) => {
    const id = canonical(word);
    return id?.includes('@') ? [id] : [];
  });

/** PostgreSQL refuses NUL, and a folded id and its unfolded twin are one. */
function canonical(raw: string): string | null {
  const id = raw.replace(/[\s\u0000-\u001f\u007f<>]+/g, '').toWellFormed();
  return id.length === 0 || id.length > ID_MAX ? null : id;
}

const ENCODED_WORD = /=\?[^\s?]{1,40}\?([bq])\?([^\s?]{0,998})\?=/gi;

/** RFC 2047 words; ids are ASCII, so bytes are taken as characters and what does not decode stays as it is. */
function decodeWords(text: string): string {
  if (!text.includes('=?')) return text;
  return text.replace(ENCODED_WORD, (word, encoding: string, payload: string) => {
    if (encoding.toLowerCase() === 'q') return decodeQ(payload);
    try {
      return atob(payload);
    } catch {
      return word;
    }
  });
}

const decodeQ = (payload: string): string =>
  payload
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
