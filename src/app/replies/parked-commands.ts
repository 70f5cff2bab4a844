/**
 * What a member may order by mail about a mail that could not be read: see order-on-parked.ts, and somebody else is
 * told of it. Only those who were told of it have a token for it.
 */
import type { Command } from '../../domain/command/command.ts';
import type { MessageId } from '../../domain/ids.ts';
import { isOpen } from '../../domain/parked/parked.ts';
import type { Rejection } from '../../domain/rejections.ts';
import { resolveName } from '../../domain/roster.ts';
import { absenceAt } from '../../domain/working-time.ts';
import { happening, lockParked, orderOnParked, type WaitingMail } from '../order-on-parked.ts';
import type { ReplyWork } from './reply-work.ts';
import { notOne } from './request-commands.ts';

export type ParkedCommand = Command & { readonly verb: 'dismiss' | 'retry' | 'request' | 'handoff' };

export const isAboutParked = (command: Command): command is ParkedCommand =>
  ['dismiss', 'retry', 'request', 'handoff'].includes(command.verb);

export async function carryOutOnParked(
  work: ReplyWork,
  id: MessageId,
  command: ParkedCommand,
): Promise<void> {
  const found = await lockParked(work.given.tx, id);
  if ('code' in found) return work.refuse(command.verb, found);
  const { message } = found;
  const state = work.parkedSoFar ?? found.state;
  // One mail may say several things; the first that decides settles it.
  if (!isOpen(state)) return work.refuse(command.verb, { code: 'no-longer-parked', decided: state.decided });
  // Its own inbox demands how whoever orders it is proved; another may ask for less.
  if (message.inboxId !== work.given.reply.inboxId) return work.refuse(command.verb, { code: 'not-here' });
  const waiting = { message, state };
  if (command.verb === 'handoff') return tellAnother(work, waiting, command.name);
  const { member: by, id: mail } = work.given.reply;
  const order = { how: command.verb, by, where: mail === null ? 'on-the-board' : 'by-mail' } as const;
  const { move, decision, opened } = await orderOnParked(work.given, waiting, order);
  work.moves.push(move);
  work.happenToParked(decision);
  if (opened === null) return work.succeed(command.verb);
  const { after } = opened;
  work.others.push(opened);
  work.about = after;
  work.parked = null;
  work.settledAs = { ...work.settledAs, conversationId: after.id };
  work.succeed('request', { other: after.id });
}

/** Whoever has it keeps it until one of them decides: a mail to a colleague is no answer of theirs. */
function tellAnother(work: ReplyWork, waiting: WaitingMail, typed: string): void {
  const { policy, reply, now } = work.given;
  const found = resolveName(policy, typed);
  if (found.type !== 'one') return work.refuse('handoff', notOne(found));
  const { id: to, schedule, backup } = found.member;
  const refused = whyNot(waiting, reply.member, to, {
    awayUntil: absenceAt(schedule, now)?.until ?? null,
    backup,
  });
  if (refused !== null) return work.refuse('handoff', refused);
  const decision = happening(work.given, waiting, { type: 'told', to, by: reply.member });
  if (decision !== null) work.happenToParked(decision);
  work.succeed('handoff', { to, accountable: waiting.state.accountable });
}

function whyNot(
  { state }: WaitingMail,
  by: string,
  to: string,
  { awayUntil, backup }: { readonly awayUntil: number | null; readonly backup: string | null },
): Rejection | null {
  if (to === by) return { code: 'handoff-to-self' };
  if (to === state.accountable) return { code: 'already-theirs', member: to };
  if (state.told.includes(to)) return { code: 'already-asked', member: to };
  return awayUntil === null ? null : { code: 'absent-member', member: to, until: awayUntil, backup };
}
