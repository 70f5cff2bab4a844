/** An address that a member types: whose request it is, or who outside is asked or put in copy. None of ours is. */
import { parseStrictAddress } from '../../domain/address.ts';
import { isInbox } from '../../domain/customer.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Rejection } from '../../domain/rejections.ts';
import { memberByAddress } from '../../domain/roster.ts';

export function outsiderTyped(policy: Policy, typed: string): string | Rejection {
  const address = parseStrictAddress(typed);
  if (address === null) return { code: 'bad-address', why: 'unusable' };
  if (isInbox(policy, address)) return { code: 'bad-address', why: 'inbox' };
  return memberByAddress(policy, address) === null ? address : { code: 'bad-address', why: 'member' };
}
