/** What the team has decided, with who is away by now: the configuration, and what members told us by mail. */
import { withAbsences } from '../domain/absences.ts';
import type { Policy } from '../domain/policy.ts';
import type { Deps } from './deps.ts';
import type { Transaction } from './ports/store.ts';

/** Asked within the transaction that decides by it, so that whoever has just gone away is asked nothing more. */
export async function currentPolicy(
  { policy }: Pick<Deps, 'policy'>,
  tx: Pick<Transaction, 'findAbsences'>,
): Promise<Policy> {
  return withAbsences(policy(), await tx.findAbsences());
}
