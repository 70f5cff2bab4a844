/** Whether anybody outside can be told at all that their mail came; how often they are is counted when it is sent. */
import { parseStrictAddress } from '../domain/address.ts';
import { isInbox } from '../domain/customer.ts';
import type { Policy } from '../domain/policy.ts';

/** Whether the address can be mailed, and is not ourselves. */
export function mayBeTold(policy: Policy, typed: string): boolean {
  const address = parseStrictAddress(typed);
  return address !== null && !isInbox(policy, address);
}
