/**
 * How often one address may be told that its mail came. Some robots carry no mark at all; counting is what ends it
 * (RFC 3834 section 2, and every storm on record).
 */
import { parseStrictAddress } from '../domain/address.ts';
import { isInbox } from '../domain/customer.ts';
import { DAY, HOUR, type Instant } from '../domain/instant.ts';
import type { Policy } from '../domain/policy.ts';
import type { Transaction } from './ports/store.ts';

const PER_HOUR_MAX = 3;
const PER_DAY_MAX = 10;

/** Whether it can be mailed, is not ourselves, and was not told too often. */
export async function mayBeTold(
  tx: Pick<Transaction, 'countAcknowledgements'>,
  policy: Policy,
  typed: string,
  at: Instant,
): Promise<boolean> {
  const address = parseStrictAddress(typed);
  if (address === null || isInbox(policy, address)) return false;
  const hour = await tx.countAcknowledgements(address, at - HOUR);
  const day = await tx.countAcknowledgements(address, at - DAY);
  return hour < PER_HOUR_MAX && day < PER_DAY_MAX;
}
