/**
 * A mail of ours that did not arrive, and what follows for the next ones to the same address.
 *
 * RFC 3463 section 2: class 5 says that this mail in this form will not be accepted, class 4 that a system gave up
 * trying. Either has failed for good; what it says of the address is another question. Of a full mailbox nothing
 * follows for next week, whatever its class; of an address that does not exist, everything.
 */
import { type FailureReason, FailureReasons, isPermanent, reasonFromStatus } from './delivery-failure.ts';
import type { DeliveryReport } from './message.ts';

export type DeliveryFailure = {
  readonly reason: FailureReason;
  /** Enhanced status code such as `5.1.1`; null when nobody gave one. */
  readonly status: string | null;
  /** Writing to that address again is useless. */
  readonly permanent: boolean;
};

/** `for-now`: nothing automatic until the customer writes. `for-good`: nothing at all until a person says so. */
export type Lasts = 'for-now' | 'for-good';

/** What a report says of one recipient. */
type Told = Pick<DeliveryReport['recipients'][number], 'status' | 'permanent'> & {
  readonly reason?: FailureReason | null;
};

/** What a bounce tells of the one recipient that each mail of ours has; of a bounce without details, nothing. */
export function failureIn(report: DeliveryReport | null): DeliveryFailure {
  const failed = (report?.recipients ?? []).filter(({ action }) => action === 'failed' || action === '');
  // An address may be forwarded to several: what will never arrive says more than what was given up.
  const found = failed.find(({ permanent }) => permanent) ?? failed[0];
  return failureOf(found ?? { status: '', permanent: false });
}

export function failureOf({ status, permanent, reason }: Told): DeliveryFailure {
  const known = reason ?? reasonFromStatus(status) ?? 'unknown';
  return {
    reason: known,
    status: /^[245]\.\d{1,3}\.\d{1,3}$/.test(status) ? status : null,
    // Without a reason the class of the code is all there is to go by.
    permanent: known === 'unknown' ? permanent : isPermanent(known),
  };
}

/** An address that no mail can be sent to, seen before anything was sent. */
export const NoAddress: DeliveryFailure = { reason: 'user-unknown', status: null, permanent: true };

/**
 * The answer of our own mail server. What it refuses may be its own affair (a limit, a login, a list that we are on),
 * so that only what it says of the address counts against the address.
 */
export function failureOfAnswer(answer: string): DeliveryFailure {
  const status = /(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(answer.slice(0, ANSWER_MAX))?.[0] ?? '';
  return failureOf({ status, permanent: false });
}

const ANSWER_MAX = 500;

/** Of which the next mail may be free. */
const OfThisMail: readonly FailureReason[] = ['too-large', 'content'];

/** What a lost mail means for the next ones to the same address; null: nothing. */
export function lastsAfter({ reason, permanent }: DeliveryFailure): Lasts | null {
  if (permanent) return 'for-good';
  return OfThisMail.includes(reason) ? null : 'for-now';
}

/** `the address does not exist (5.1.1)`; null when nobody said why. */
export function failureWords(failure: DeliveryFailure | null | undefined): string | null {
  if (failure === null || failure === undefined) return null;
  const { reason, status } = failure;
  if (reason === 'unknown') return status === null ? null : `no reason was given (${status})`;
  const { says } = FailureReasons[reason];
  return status === null ? says : `${says} (${status})`;
}
