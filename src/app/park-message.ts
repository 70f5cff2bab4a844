/**
 * Sets a message aside for a person: its raw bytes are kept, and whoever has the front desk is told at once and answers
 * for it from then on (domain/parked).
 */
import type { InboxId, MemberId, MessageId } from '../domain/ids.ts';
import { decideParked } from '../domain/parked/decide.ts';
import { currentPolicy } from './current-policy.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import type { Change, Transaction } from './ports/store.ts';
import type { Reading } from './reading.ts';

export type ParkDeps = Pick<Deps, 'policy' | 'secret' | 'log'>;

export type ParkedMessage = {
  readonly id: MessageId;
  readonly inboxId: InboxId;
  /** What was there before Baton watched the mailbox is nobody's task. */
  readonly history?: boolean;
};

export type ParkReason = {
  readonly code: string;
  /** A sentence of ours that goes on from "it could not be read:". */
  readonly why: string;
  /** What could be read of it all the same. */
  readonly reading: Reading | null;
  /** The member whose answer it is, when it could not be carried out. */
  readonly author?: MemberId | null;
};

/** Answers the notices to deliver. */
export async function parkMessage(
  deps: ParkDeps,
  tx: Transaction,
  message: ParkedMessage,
  reason: ParkReason,
): Promise<number[]> {
  const { code, why, reading } = reason;
  const history = message.history === true;
  const written = await tx.write({
    messages: [
      {
        id: message.id,
        stage: 'settled',
        disposition: history ? 'history' : 'parked',
        reason: { code, sentence: why },
        ...(reading === null ? {} : { reading: reading.stored }),
      },
    ],
    ...(history ? {} : await whoAnswers(deps, tx, message, reason)),
  });
  deps.log.warn({ step: 'park', message: message.id, code }, 'set a message aside for a person');
  return written.notices;
}

async function whoAnswers(
  deps: ParkDeps,
  tx: Transaction,
  { id, inboxId }: ParkedMessage,
  { code, why, author = null }: ParkReason,
): Promise<Pick<Change, 'parked' | 'notices'>> {
  const before = await tx.findParked(id);
  const policy = await currentPolicy(deps, tx);
  const now = await tx.now();
  const decision = decideParked(
    before,
    { type: 'set-aside', code, author },
    { id, inboxId, policy, now, why },
  );
  if (decision === null) throw new Error(`message ${id} could not be set aside`);
  return { parked: [decision], notices: noticesOf(deps, decision.notices, now) };
}
