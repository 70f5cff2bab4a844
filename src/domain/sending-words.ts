/** What became of a mail of ours that did not simply go out, in words: what its code says. */
import { type Brake, brakeWords } from './brakes.ts';
import { type FailureReason, FailureReasons } from './delivery-failure.ts';
import { failureWords } from './lost-mail.ts';

export type Fate = {
  readonly code: string | null;
  readonly brake: Brake | null;
  readonly returned: {
    readonly permanent: boolean;
    readonly status: string | null;
    readonly reason: string | null;
  } | null;
};

/** Null: nothing went wrong so far. */
export function fateWords({ code, brake, returned }: Fate): string | null {
  if (brake !== null) return brakeWords[brake];
  if (returned !== null) {
    const { permanent, status, reason } = returned;
    const known = isReason(reason) ? reason : 'unknown';
    return failureWords({ reason: known, status, permanent }) ?? 'it came back, and why was not said';
  }
  if (code === null || code === 'accepted') return null;
  const [, status] = /^smtp-([45]\d\d)$/.exec(code) ?? [];
  if (status === undefined) return CODES[code] ?? `it was tried, and failed (${code})`;
  return status.startsWith('4')
    ? `the mail server put it off (${status})`
    : `the mail server refused it (${status})`;
}

const isReason = (reason: string | null): reason is FailureReason =>
  reason !== null && Object.hasOwn(FailureReasons, reason);

const CODES: Readonly<Record<string, string>> = {
  'bad-address': 'its address is none that mail can be sent to',
  'cannot-be-made': 'no mail could be made of it: the log says why',
  bundled: 'waits to go out together with others',
  'smtp-login-refused': 'the mail server refuses the login',
  'smtp-too-large': 'it is larger than the mail server takes',
  'smtp-timeout': 'the mail server did not answer in time',
  'smtp-dns': "the mail server's name cannot be found",
  'smtp-tls-failed': 'no safe connection to the mail server can be made',
  'smtp-protocol': 'the mail server answered what nobody could read',
  'smtp-unreachable': 'the mail server cannot be reached',
  'smtp-envelope-differs': 'the mail server took it for somebody else',
  'smtp-closed': 'Baton was stopped while it was being sent',
};
