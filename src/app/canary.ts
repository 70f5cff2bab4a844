/**
 * Has each inbox send a mail to itself on a schedule. Reading and sending may each seem well while nothing goes round: a
 * filter, a full mailbox, a server that takes mail and keeps it. What does not come back is an outage, see alarm.ts.
 */
import { CANARY_SUBJECT, canaryId, canaryText, turnAt } from '../domain/canary.ts';
import type { InboxId } from '../domain/ids.ts';
import type { Duration } from '../domain/instant.ts';
import { messageIdKey } from '../domain/threading.ts';
import type { Deps } from './deps.ts';
import type { Canaries } from './ports/canaries.ts';

export type CanaryDeps = Pick<Deps, 'composer' | 'senderOf' | 'clock' | 'secret' | 'log'> & {
  readonly canaries: Canaries;
  readonly inboxes: readonly { readonly id: InboxId; readonly address: string; readonly name: string }[];
  readonly every: Duration;
};

/** Sends those whose turn has come, unless another clock has, and notes those that came back. */
export async function sendCanaries(deps: CanaryDeps): Promise<void> {
  await deps.canaries.noteArrivals();
  const turn = turnAt(deps.clock.now(), deps.every);
  await Promise.all(deps.inboxes.map((inbox) => sendOne(deps, inbox, turn)));
}

async function sendOne(deps: CanaryDeps, inbox: CanaryDeps['inboxes'][number], turn: number): Promise<void> {
  const { id, address, name } = inbox;
  const messageId = canaryId(deps.secret, id, turn, address.slice(address.lastIndexOf('@') + 1));
  if (!(await deps.canaries.begin(id, turn, messageIdKey(messageId)))) return;
  const self = { name, address };
  const raw = await deps.composer.compose({
    from: self,
    to: self,
    replyTo: null,
    subject: CANARY_SUBJECT,
    messageId,
    inReplyTo: null,
    references: [],
    date: deps.clock.now(),
    // RFC 3834 section 5: nobody answers it by themselves.
    headers: { 'Auto-Submitted': 'auto-generated' },
    text: canaryText(address),
    html: null,
  });
  const outcome = await deps.senderOf(id).send({ envelopeFrom: address, envelopeTo: address, raw });
  const code = outcome.type === 'accepted' ? 'accepted' : outcome.code;
  await deps.canaries.handedOver(id, turn, code);
  if (code !== 'accepted') deps.log.warn({ step: 'canary', inbox: id, code }, 'the canary could not be sent');
}
