/**
 * Lets something happen to a mail that could not be read and waits for a person: time passes for it, whoever answers
 * for it is away or has left, news of it reaches nobody.
 */
import type { MessageId } from '../domain/ids.ts';
import type { StoredNotice } from '../domain/notices/notice.ts';
import { decideParked, type ParkedHappening } from '../domain/parked/decide.ts';
import { currentPolicy } from './current-policy.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import type { Change, Transaction } from './ports/store.ts';

export type ParkedWritten = Required<Pick<Change, 'parked' | 'notices'>>;

/** What has to be written; nothing when somebody has decided meanwhile. */
export async function happenToParked(
  deps: Pick<Deps, 'policy' | 'secret'>,
  tx: Transaction,
  id: MessageId,
  happening: ParkedHappening,
): Promise<ParkedWritten> {
  // Nobody else decides about it before this transaction ends.
  const message = await tx.lockSettled(id);
  const before = message === null ? null : await tx.findParked(id);
  if (message === null || before === null) return { parked: [], notices: [] };
  const policy = await currentPolicy(deps, tx);
  const now = await tx.now();
  const { inboxId, reason } = message;
  const decision = decideParked(before, happening, { id, inboxId, policy, now, why: reason.sentence });
  if (decision === null) return { parked: [], notices: [] };
  return { parked: [decision], notices: noticesOf(deps, decision.notices, now) };
}

/** A mail that told somebody of it did not arrive: the next who decides in that inbox is told. */
export async function passOnParked(
  deps: Pick<Deps, 'policy' | 'secret'>,
  tx: Transaction,
  { body, recipient }: StoredNotice,
): Promise<ParkedWritten> {
  if (body.kind !== 'parked' || recipient.type !== 'member') return { parked: [], notices: [] };
  return happenToParked(deps, tx, body.messageId, { type: 'not-reached', member: recipient.member });
}
