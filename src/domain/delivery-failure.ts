/**
 * Why a mail system could not deliver: a short code that stays the same, whether writing to the address again is
 * useless, and a sentence for the owner.
 *
 * The words of a diagnostic decide before its enhanced status code (RFC 3463): many systems put `5.1.1` or `5.0.0`
 * on everything, and the words are what their own operators read. `permanent` speaks of the address, not of this
 * one mail: a full mailbox, a filter or an outage may have ended by the next mail, an address that does not exist
 * stays so. That this mail did not arrive is said by `action: failed` alone.
 */
import { reasonFromLastWords, reasonFromPlainWords, reasonFromWords } from './failure-words.ts';

export const FailureReasons = {
  'user-unknown': { permanent: true, says: 'the address does not exist' },
  'host-unknown': { permanent: true, says: 'there is no mail server for that domain' },
  moved: { permanent: true, says: 'the mailbox has moved and is not read here any more' },
  'not-accepting': { permanent: true, says: 'that domain or host accepts no mail' },
  'mailbox-full': { permanent: false, says: 'the mailbox is full' },
  suspended: { permanent: false, says: 'the mailbox is disabled or suspended' },
  refused: { permanent: false, says: 'the recipient or a filter of theirs refuses this mail' },
  rejected: { permanent: false, says: 'the other side does not accept our sender address' },
  blocked: { permanent: false, says: 'the other side blocks our mail server' },
  'rate-limited': { permanent: false, says: 'too many mails or connections in a short time' },
  authentication: { permanent: false, says: 'the mail failed the SPF, DKIM or DMARC check there' },
  spam: { permanent: false, says: 'it was taken for spam' },
  virus: { permanent: false, says: 'it was taken for a virus' },
  policy: { permanent: false, says: 'a policy of the other side forbids it' },
  content: { permanent: false, says: 'its content or form was not accepted' },
  'too-large': { permanent: false, says: 'it is too large' },
  relaying: { permanent: false, says: 'that server does not relay mail for the domain' },
  expired: { permanent: false, says: 'it could not be delivered in time' },
  network: { permanent: false, says: 'the mail server could not be reached, or the way to it is a loop' },
  system: { permanent: false, says: 'the mail system over there is broken or its disk is full' },
  unknown: { permanent: false, says: 'no reason was given' },
} as const satisfies Readonly<Record<string, { readonly permanent: boolean; readonly says: string }>>;
export type FailureReason = keyof typeof FailureReasons;

/** What one recipient's part of a report tells, before it is judged. */
export type FailureEvidence = {
  /** `5.1.1`, or ''. */
  readonly status: string;
  /** What was said about this recipient. */
  readonly diagnostic: string;
};

/** What was said about all recipients together; counts when a recipient's own part tells nothing. */
export type SharedEvidence = {
  readonly text: string;
  /** Whether the mail had one recipient only, so that all of it is about them. */
  readonly alone: boolean;
  readonly reason: FailureReason | null;
  readonly lastReason: FailureReason | null;
};

const SHARED_MAX = 4_000;

/** Read once for all recipients of a mail. */
export function sharedEvidence(whole: string, alone: boolean): SharedEvidence {
  const text = whole.slice(0, SHARED_MAX);
  const reason = reasonFromWords(text) ?? reasonFromStatus(statusIn(text));
  return { text, alone, reason, lastReason: reasonFromLastWords(text) };
}

export function failureReason(
  { status, diagnostic }: FailureEvidence,
  shared: SharedEvidence,
): FailureReason {
  const reason =
    reasonFromWords(ownWords(diagnostic)) ??
    reasonFromStatus(status) ??
    reasonFromPlainWords(diagnostic) ??
    shared.reason ??
    reasonFromLastWords(diagnostic) ??
    shared.lastReason ??
    'unknown';
  return corrected(reason, status, diagnostic, shared.alone ? `${diagnostic} ${shared.text}` : diagnostic);
}

/**
 * "Unknown" is not always said of the recipient. In answer to MAIL FROM it is the sender. In answer to DATA the
 * recipient had been accepted before, and a bare "user unknown" is how a filter speaks (NTT docomo, KDDI).
 */
function corrected(reason: FailureReason, status: string, diagnostic: string, said: string): FailureReason {
  if (reason === 'suspended' && status.endsWith('.1.1')) return 'user-unknown';
  if (reason !== 'user-unknown' && reason !== 'host-unknown') return reason;
  if (/^[45]\.1\.[789]$/.test(status) || AFTER_MAIL.test(said)) return 'rejected';
  // A name that cannot be looked up today may be found tomorrow.
  if (reason === 'host-unknown' && status.startsWith('4.')) return 'network';
  if (reason === 'host-unknown' || /^[45]\.1\.\d+$/.test(status)) return reason;
  return AFTER_DATA.test(said) && BARE_UNKNOWN.test(diagnostic) ? 'refused' : reason;
}

const AFTER_MAIL = /(after|reply to|following) mail from|>>> ?mail from/i;
const AFTER_DATA = /end of data|(reply to|after|following) (the )?data|>>> ?data|smtp command data|\(data\)/i;
const BARE_UNKNOWN = /user unknown|unknown user|no such user/i;

/** Cisco's gateways put a text of their own before the other side's, which stands in quotation marks. */
function ownWords(diagnostic: string): string {
  const quoted = /^\d\.\d\.\d - .{0,60}? \d{3}[- ]'(.*)'/s.exec(diagnostic.slice(0, 2_000));
  return quoted?.[1] ?? diagnostic;
}

/**
 * Whether writing to that address again is useless. Not the class of the code (RFC 3463 section 2): a 5 is about
 * this one mail, and a full mailbox or a block list says 5 as well.
 */
export const isPermanent = (reason: FailureReason): boolean => FailureReasons[reason].permanent;

/**
 * RFC 3463 section 3 and the IANA registry of enhanced status codes: subject and detail without the class, most
 * telling first. What says nothing in itself (`0.0`, `5.0`) is left out.
 */
const STATUSES: readonly (readonly [RegExp, FailureReason])[] = [
  [/^1\.(1|0|3|4)$/, 'user-unknown'],
  [/^1\.2$/, 'host-unknown'],
  [/^1\.6$/, 'moved'],
  [/^1\.(7|8|9)$/, 'rejected'],
  [/^1\.10$/, 'not-accepting'],
  [/^2\.1$/, 'suspended'],
  [/^2\.2$/, 'mailbox-full'],
  [/^(2\.3|3\.4)$/, 'too-large'],
  [/^2\.4$/, 'system'],
  [/^3\.2$/, 'not-accepting'],
  [/^3\.[1356]$/, 'system'],
  [/^4\.4$/, 'host-unknown'],
  [/^4\.[1235]$/, 'network'],
  [/^4\.6$/, 'network'],
  [/^4\.7$/, 'expired'],
  [/^5\.3$/, 'rate-limited'],
  [/^6\.\d+$/, 'content'],
  [/^7\.(2[0-9]|30)$/, 'authentication'],
  [/^7\.1$/, 'refused'],
  [/^7\.(0|[2-9]|1\d)$/, 'policy'],
];

export function reasonFromStatus(status: string): FailureReason | null {
  const detail = status.slice(2);
  if (!/^[45]\./.test(status)) return null;
  // "Not accepting network messages" and "unable to route" are states of a day when the class is 4.
  if (status.startsWith('4.') && (detail === '3.2' || detail === '1.1')) return 'system';
  return STATUSES.find(([pattern]) => pattern.test(detail))?.[1] ?? null;
}

/**
 * The enhanced status code in a text, or ''. `192.0.2.1` is an address and `4.7.0.1` a version; of several codes
 * the first one that says something counts.
 */
export function statusIn(text: string): string {
  const codes = text.slice(0, 4_000).match(/(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d]|\.\d)/g) ?? [];
  return codes.find((code) => !/^[45]\.(\d\.0|4\.7)$/.test(code)) ?? codes[0] ?? '';
}
