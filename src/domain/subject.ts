/**
 * What a subject line is about once mail programs' additions are off, after RFC 5256 section 2.1 and in the
 * languages whose mail programs translate "Re" and "Fwd".
 *
 * Any text will do; time is linear, nothing recurses, and what comes out is never longer than what went in.
 */

/** Subjects longer than this are cut: no mail program shows as much. */
const SUBJECT_MAX = 1_000;

/** In lower case; Outlook translates with its user's language, so one thread collects several. */
const REPLY_WORDS = new Set(
  // Latin script: from English by way of German, the Nordic and the Romance languages to Turkish.
  're aw antw antwort sv vs antwoord réf rép r rif res resp odp odpověď ynt atb bls vá răsp'
    .split(' ')
    // Greek, Russian and Ukrainian, Hebrew, Arabic, Chinese, Japanese, Korean
    .concat('απ σχετ отв ответ відп на השב תגובה رد 回复 回覆 答复 答覆 返信 回信 회신'.split(' ')),
);
const FORWARD_WORDS = new Set(
  'fw fwd wg weitergeleitet vb vl vs doorst tr enc rv i pd ilt trs továbbítás továbbított redirecționat'
    .split(' ')
    .concat('πρθ пересл переслано הועבר إعادة 转发 轉寄 轉發 転送 전달'.split(' ')),
);

const LEADER_WORDS = new Set([...REPLY_WORDS, ...FORWARD_WORDS]);

/** `Re[2]:`, `Re(3):`, `Re^2:`, `Re*2:` and a space before the colon (French) count; `WG 3:` is a flat in Germany. */
const LEADER = /^(\p{L}{1,16})\.?\s?(?:\[[^[\]]{0,60}\]|\(\d{1,4}\)|[\^*]\d{1,4})?\s?[:：]/u;
const BLOB = /^\[[^[\]]{0,200}\]/;
const WRAPPED_FORWARD = /^\[fwd?:/i;
/** Hebrew and Arabic Outlook put these around "Re". */
const BIDI_MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const TRAILER = /\(fwd?\)$/i;

/** The subject without Re, Fwd, list tags in front and `(fwd)` behind, white space folded, case as written; may be ''. */
export function baseSubject(subject: string): string {
  let rest = plainSubject(subject);
  // Each round takes at least one character off, so there are at most SUBJECT_MAX of them.
  for (;;) {
    const next = stripOnce(rest);
    if (next === null) return rest;
    rest = next;
  }
}

/** Whether a mail program wrote "Re" in front, in whatever language and behind whatever tags of lists. */
export function isAnswerSubject(subject: string): boolean {
  let rest = plainSubject(subject);
  for (;;) {
    const word = LEADER.exec(rest)?.[1]?.toLowerCase();
    if (word !== undefined && REPLY_WORDS.has(word)) return true;
    const next = stripOnce(rest);
    if (next === null) return false;
    rest = next;
  }
}

/** Marks go first: one between a letter and its accent would keep the two from becoming one. */
const plainSubject = (subject: string): string =>
  subject.slice(0, SUBJECT_MAX).replace(BIDI_MARKS, '').normalize('NFC').replace(/\s+/gu, ' ').trim();

/** null: nothing is left to take off. */
function stripOnce(text: string): string | null {
  if (TRAILER.test(text)) return text.slice(0, text.lastIndexOf('(')).trim();
  if (WRAPPED_FORWARD.test(text) && text.endsWith(']')) return text.slice(text.indexOf(':') + 1, -1).trim();
  const leader = LEADER.exec(text);
  const word = leader?.[1]?.toLowerCase();
  if (leader !== null && word !== undefined && LEADER_WORDS.has(word))
    return text.slice(leader[0].length).trim();
  const blob = BLOB.exec(text)?.[0];
  const behind = blob === undefined ? '' : text.slice(blob.length).trim();
  // RFC 5256: a tag goes only when something stays, `[urgent]` alone is the subject.
  return behind === '' ? null : behind;
}

/**
 * The number of the first `#1042` in a subject, or null. Only a hint: customers write `flat #12` and `order #7`
 * too, so it says nothing without a participant of that conversation.
 */
export function referenceIn(subject: string): number | null {
  const digits = /(?<![\p{L}\p{N}_#&])#([1-9]\d{0,8})(?![\p{L}\p{N}_]|[-./]\d)/u.exec(
    subject.slice(0, SUBJECT_MAX),
  )?.[1];
  return digits === undefined ? null : Number(digits);
}
