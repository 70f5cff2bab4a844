/**
 * Whoever is asked to stand in for a colleague answers: nobody stands in without having said yes, and whoever is away
 * learns the answer. They may change their mind while the absence lasts.
 */
import { answerCover } from '../../domain/absences.ts';
import type { Command } from '../../domain/command/command.ts';
import { coverAnswered } from '../absence-notices.ts';
import type { ReplyWork } from './reply-work.ts';

export type CoverCommand = Command & { readonly verb: 'accept' | 'take' | 'decline' };

export const answersCover = (work: ReplyWork, command: Command): command is CoverCommand =>
  work.given.reply.token.purpose === 'cover' && ['accept', 'take', 'decline'].includes(command.verb);

export async function carryOutCoverAnswer(work: ReplyWork, command: CoverCommand): Promise<void> {
  const { reply, tx } = work.given;
  const { member, token, inboxId, id: messageId } = reply;
  const { verb } = command;
  const known = (await tx.lockAbsences()).find(({ id }) => id === token.subject);
  const absence = (known && work.absences.get(known.id)) ?? known;
  // It is over, or was taken back.
  if (absence === undefined || absence.endedAt !== null) return work.refuse(verb, { code: 'expired' });
  // By now somebody else is asked, or nobody.
  if (absence.cover?.member !== member) return work.refuse(verb, { code: 'not-asked' });
  const answered = answerCover(absence, member, verb !== 'decline');
  if (answered !== null) {
    work.absences.set(answered.id, answered);
    work.notices.push(...coverAnswered({ inboxId, key: `message:${messageId}` }, member, answered));
  }
  const text = command.verb === 'decline' ? work.text(command.reason) : null;
  work.succeed(verb, {
    to: absence.member,
    text,
    at: absence.until,
    ...(absence.from > work.given.now && { from: absence.from }),
  });
}
