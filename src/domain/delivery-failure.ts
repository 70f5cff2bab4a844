/**
 * Why a mail system could not deliver: a short code that stays the same, whether writing to the address again is
 * useless, and a sentence for the owner. That this mail did not arrive is said by `action: failed` alone.
 */
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

export const isPermanent = (reason: FailureReason): boolean => FailureReasons[reason].permanent;

/** RFC 3463 section 3: subject and detail without the class. What says nothing in itself (`0.0`, `5.0`) is left out. */
const Statuses: readonly (readonly [RegExp, FailureReason])[] = [
  [/^1\.(1|0|3|4)$/, 'user-unknown'],
  [/^1\.2$/, 'host-unknown'],
  [/^1\.6$/, 'moved'],
  // RFC 7505: the domain says that it takes no mail.
  [/^1\.10$/, 'not-accepting'],
  [/^2\.1$/, 'suspended'],
  [/^2\.2$/, 'mailbox-full'],
  [/^(2\.3|3\.4)$/, 'too-large'],
  [/^4\.[1-6]$/, 'network'],
  [/^4\.7$/, 'expired'],
  [/^6\.\d+$/, 'content'],
  [/^7\.\d+$/, 'policy'],
];

export function reasonFromStatus(status: string): FailureReason | null {
  if (!/^[45]\./.test(status)) return null;
  return Statuses.find(([pattern]) => pattern.test(status.slice(2)))?.[1] ?? null;
}
