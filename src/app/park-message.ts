/** Sets a message aside for a person: its raw bytes are kept, and whoever has the front desk is told at once. */
import type { InboxId, MemberId, MessageId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { aboutRequest, type NoticeBody, type NoticeDraft } from '../domain/notices/notice.ts';
import { frontDeskAt } from '../domain/roster.ts';
import { currentPolicy } from './current-policy.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import type { Transaction } from './ports/store.ts';
import type { Reading } from './reading.ts';

export type ParkDeps = Pick<Deps, 'policy' | 'secret' | 'log'>;

export type ParkedMessage = {
  readonly id: MessageId;
  readonly inboxId: InboxId;
  readonly storedAt: Instant;
  /** What was there before Baton watched the mailbox is nobody's task. */
  readonly history?: boolean;
};

export type ParkReason = {
  readonly code: string;
  /** A sentence of ours that goes on from "it could not be read:". */
  readonly why: string;
  /** What could be read of it all the same. */
  readonly reading: Reading | null;
};

/** Answers the notices to deliver. */
export async function parkMessage(
  deps: ParkDeps,
  tx: Transaction,
  message: ParkedMessage,
  { code, why, reading }: ParkReason,
): Promise<number[]> {
  const history = message.history === true;
  const now = await tx.now();
  const notices = history ? [] : noticesOf(deps, [await parkedNotice(deps, tx, message, why, now)], now);
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
    notices,
  });
  deps.log.warn({ step: 'park', message: message.id, code }, 'set a message aside for a person');
  return written.notices;
}

async function parkedNotice(
  deps: ParkDeps,
  tx: Transaction,
  { id, inboxId }: ParkedMessage,
  why: string,
  since: Instant,
): Promise<NoticeDraft> {
  const reader = frontDeskAt(await currentPolicy(deps, tx), inboxId, since);
  return parkedNoticeTo(reader, inboxId, { kind: 'parked', messageId: id, why, since });
}

/** Each time that a message is set aside, a person has one notice of it. */
export function parkedNoticeTo(
  member: MemberId,
  inboxId: InboxId,
  body: NoticeBody & { readonly kind: 'parked' },
): NoticeDraft {
  return {
    dedupeKey: `message:${body.messageId}/parked/${body.since}/member:${member}`,
    inboxId,
    ...aboutRequest(null),
    recipient: { type: 'member', member },
    body,
  };
}
