/** One message that is being settled, with all that was found out about it. */
import type { Disposition } from '../domain/disposition.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Findings } from './find-thread.ts';
import type { MessageChange, StoredMessage, Transaction } from './ports/store.ts';
import type { Reading } from './reading.ts';
import type { Ring, SettleDeps } from './settle-message.ts';

export type Case = {
  readonly deps: SettleDeps;
  readonly tx: Transaction;
  readonly message: StoredMessage;
  readonly reading: Reading;
  readonly findings: Findings;
  readonly verdict: Verdict;
  readonly ring: Ring;
};

export type Extra = Pick<MessageChange, 'member' | 'copyOf' | 'conversationId'>;

export function settled(
  { message, reading, verdict }: Pick<Case, 'message' | 'reading' | 'verdict'>,
  disposition: Disposition,
  extra: Extra,
): MessageChange {
  const { reason } = verdict;
  return { id: message.id, stage: 'settled', disposition, reason, reading: reading.stored, ...extra };
}
