/**
 * Why a mail of ours did not arrive, and what that says of the address it went to.
 *
 * RFC 3463 section 2: class 5 says that this mail in this form will not be accepted, class 4 that a system gave up
 * trying. Either has failed for good; what they say of the address is another question. Of a full mailbox or a mail
 * that is too large nothing follows for the next one, whatever its class; of an address that is none, everything.
 */
import type { DeliveryReport } from './message.ts';

export const FailureWhys = [
  'no-such-address',
  'no-such-domain',
  'closed',
  'mailbox-full',
  'too-large',
  'blocked',
  'no-answer',
  'unknown',
] as const;
export type FailureWhy = (typeof FailureWhys)[number];

export type DeliveryFailure = {
  readonly why: FailureWhy;
  /** Enhanced status code such as `5.1.1`; null when nobody gave one. */
  readonly status: string | null;
  /** Whether trying again is useless, as the server that failed says. */
  readonly permanent: boolean;
};

/** `for-now`: nothing automatic until the customer writes. `for-good`: nothing at all until a person says so. */
export type Lasts = 'for-now' | 'for-good';

/** What a server of somebody's said of a mail. */
type Verdict = Pick<DeliveryReport['recipients'][number], 'status' | 'permanent'> & {
  /** A reason code, from whoever reads more dialects than the status code shows. */
  readonly why?: string | null;
};

/** What a bounce tells of the one recipient that each mail of ours has; of a bounce without details, nothing. */
export function failureIn(report: DeliveryReport | null): DeliveryFailure {
  const failed = (report?.recipients ?? []).filter(({ action }) => action === 'failed' || action === '');
  // An address may be forwarded to several: what will never arrive says more than what was given up.
  const found = failed.find(({ permanent }) => permanent) ?? failed[0];
  return failureOf(found ?? { status: '', permanent: false });
}

export function failureOf({ status, permanent, why }: Verdict): DeliveryFailure {
  const known = statusOf(status);
  const told = FailureWhys.find((code) => code === why) ?? 'unknown';
  return { why: told === 'unknown' ? whyOf(known) : told, status: known, permanent };
}

/** An address that no mail can be sent to, seen before anything was sent. */
export const NoAddress: DeliveryFailure = { why: 'no-such-address', status: null, permanent: true };

/**
 * The answer of our own mail server. What it refuses may be its own affair (a limit, a login, a list that we are on),
 * so that only what it says of the address counts against the address.
 */
export function failureOfAnswer(answer: string): DeliveryFailure {
  const status = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(answer.slice(0, ANSWER_MAX))?.[0] ?? '';
  const failure = failureOf({ status, permanent: status.startsWith('5') });
  return { ...failure, permanent: failure.permanent && AboutTheAddress.includes(failure.why) };
}

const ANSWER_MAX = 500;

const AboutTheAddress: readonly FailureWhy[] = ['no-such-address', 'no-such-domain', 'closed'];

/** What passes: the same address may well take the next mail. */
export const OfOneMail: readonly FailureWhy[] = ['mailbox-full', 'too-large'];

/** What a lost mail means for the next ones to the same address; null: nothing. */
export function lastsAfter({ why, permanent }: DeliveryFailure): Lasts | null {
  if (why === 'too-large') return null;
  return permanent && !OfOneMail.includes(why) ? 'for-good' : 'for-now';
}

const statusOf = (text: string): string | null => (/^[245]\.\d{1,3}\.\d{1,3}$/.test(text) ? text : null);

/** RFC 3463 sections 3.2 to 3.8, by subject and detail. */
const Whys: Readonly<Record<string, FailureWhy>> = {
  '1.0': 'no-such-address',
  '1.1': 'no-such-address',
  '1.2': 'no-such-domain',
  '1.3': 'no-such-address',
  '1.6': 'no-such-address',
  // RFC 7505: the domain says that it takes no mail.
  '1.10': 'no-such-domain',
  '2.1': 'closed',
  '2.2': 'mailbox-full',
  '2.3': 'too-large',
  '3.4': 'too-large',
  '4.1': 'no-answer',
  '4.2': 'no-answer',
  '4.4': 'no-such-domain',
  '4.7': 'no-answer',
};

function whyOf(status: string | null): FailureWhy {
  if (status === null) return 'unknown';
  // Exchange Online says 5.4.1 ("Recipient address rejected: Access denied") of addresses that its domain has not.
  if (status === '5.4.1') return 'no-such-address';
  // A domain that cannot be looked up for now may be there tomorrow.
  if (status === '4.4.4') return 'no-answer';
  const detail = status.slice(2);
  return Whys[detail] ?? (detail.startsWith('7.') ? 'blocked' : 'unknown');
}
