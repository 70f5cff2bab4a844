/**
 * What may be ordered about a mail that could not be read: it needs nothing, it is read again, it becomes a request with
 * what could be read, or somebody else looks at it. Only those who were told of it have a token for it.
 */
import type { Command } from '../../domain/command/command.ts';
import { NOBODY } from '../../domain/customer.ts';
import type { MessageId } from '../../domain/ids.ts';
import type { Mail } from '../../domain/message.ts';
import type { Rejection } from '../../domain/rejections.ts';
import { resolveName } from '../../domain/roster.ts';
import { absenceAt } from '../../domain/working-time.ts';
import { parkedNoticeTo } from '../park-message.ts';
import type { MessageMove, SettledMessage, StoredMail } from '../ports/store.ts';
import type { ReplyWork } from './reply-work.ts';
import { notOne } from './request-commands.ts';
import { openRequest } from './taken-down.ts';

export type ParkedCommand = Command & { readonly verb: 'dismiss' | 'retry' | 'request' | 'handoff' };

export const isAboutParked = (command: Command): command is ParkedCommand =>
  ['dismiss', 'retry', 'request', 'handoff'].includes(command.verb);

/** The reason of a parked mail that somebody has looked at, and that needs nothing. */
const DISMISSED = 'dismissed';

export async function carryOutOnParked(
  work: ReplyWork,
  id: MessageId,
  command: ParkedCommand,
): Promise<void> {
  const message = await work.given.tx.lockSettled(id);
  const isParked = message?.disposition === 'parked' && message.reason.code !== DISMISSED;
  // One mail may say several things; the first of them settles it.
  if (message === null || !isParked || work.moves.some((move) => move.id === id))
    return work.refuse(command.verb, { code: 'no-longer-parked' });
  // Its own inbox demands how whoever orders it is proved; another may ask for less.
  if (message.inboxId !== work.given.reply.inboxId) return work.refuse(command.verb, { code: 'not-here' });
  switch (command.verb) {
    case 'dismiss':
      work.moves.push(
        moveOf(message, { stage: 'settled', disposition: 'parked', conversationId: null }, DISMISSED),
      );
      return work.succeed('dismiss');
    case 'retry':
      work.moves.push(moveOf(message, { stage: 'stored' }, 'retried'));
      return work.succeed('retry');
    case 'request':
      return makeRequest(work, message);
    case 'handoff':
      return passParkedOn(work, message, command.name);
    default:
      return command satisfies never;
  }
}

const Sentences = {
  dismissed: 'a teammate looked at it: it needs nothing',
  retried: 'a teammate had it read again',
  'request-by-member': 'a teammate made it a request',
} as const;

const moveOf = (
  { id, disposition }: SettledMessage,
  to: MessageMove['to'],
  code: keyof typeof Sentences,
): MessageMove => ({ id, was: disposition, to, reason: { code, sentence: Sentences[code] } });

async function makeRequest(work: ReplyWork, message: SettledMessage): Promise<void> {
  const { id, inboxId, storedAt, kind } = message;
  const mail = message.mail ?? UNREAD;
  const customer = mail.from[0] ?? NOBODY;
  const unreached = await work.given.tx.isUnreached(customer.address);
  const conversationId = await work.given.tx.reserveConversation();
  work.about = openRequest(
    work,
    { conversationId, inboxId, messageId: id, storedAt, person: kind === 'person', text: null, unreached },
    { ...mail, headers: [] } satisfies Mail,
    { subject: mail.subject, customer },
  );
  const to = { stage: 'settled', disposition: 'request', conversationId } as const;
  work.moves.push(moveOf(message, to, 'request-by-member'));
  work.parked = null;
  work.settledAs = { ...work.settledAs, conversationId };
  work.succeed('request', { other: conversationId });
}

function passParkedOn(
  work: ReplyWork,
  { id: messageId, inboxId, reason, settledAt }: SettledMessage,
  typed: string,
): void {
  const { policy, reply, now } = work.given;
  const found = resolveName(policy, typed);
  if (found.type !== 'one') return work.refuse('handoff', notOne(found));
  const { id: to, schedule, backup } = found.member;
  const refused = whyNot(to === reply.member, absenceAt(schedule, now)?.until ?? null, to, backup);
  if (refused !== null) return work.refuse('handoff', refused);
  const body = { kind: 'parked', messageId, why: reason.sentence, since: settledAt } as const;
  work.notices.push(parkedNoticeTo(to, inboxId, body));
  work.succeed('handoff', { to });
}

function whyNot(
  isSelf: boolean,
  awayUntil: number | null,
  member: string,
  backup: string | null,
): Rejection | null {
  if (isSelf) return { code: 'handoff-to-self' };
  return awayUntil === null ? null : { code: 'absent-member', member, until: awayUntil, backup };
}

/** A mail of which nothing could be read, not even its header. */
const UNREAD: StoredMail = {
  messageId: null,
  date: null,
  from: [],
  sender: [],
  to: [],
  cc: [],
  replyTo: [],
  deliveredTo: [],
  returnPath: null,
  subject: '',
  inReplyTo: [],
  references: [],
  text: '',
  reply: { text: '', quoted: '', signature: '' },
  forwarded: null,
  attachments: [],
  report: null,
  bodyHash: '',
  warnings: [],
};
