/** One command of a member, whichever way it came: the family that it belongs to carries it out. */
import type { Command } from '../../domain/command/command.ts';
import { needsMail } from '../../domain/shadow.ts';
import { carryOutOnBelonging, isAboutBelonging } from './belonging-commands.ts';
import { carryOutOnCategory, isAboutCategory } from './category-commands.ts';
import { answersCover, carryOutCoverAnswer } from './cover-answer.ts';
import { carryOutAtDesk, isAboutDesk } from './desk-commands.ts';
import { askForNumber } from './listed-requests.ts';
import { carryOutOnParked, isAboutParked } from './parked-commands.ts';
import type { ReplyWork } from './reply-work.ts';
import { carryOutOnRequest, isAboutRequest } from './request-commands.ts';
import { takeOver } from './take-over.ts';
import { takeDown } from './taken-down.ts';

export async function carryOut(work: ReplyWork, command: Command): Promise<void> {
  if (isHeldBack(work, command)) return;
  if (command.verb === 'take-over') return takeOver(work);
  if (command.verb === 'new') return takeDown(work, command.text);
  if (isAboutDesk(command)) return carryOutAtDesk(work, command);
  if (work.given.listing !== null) return askForNumber(work, work.given.listing, command);
  if (answersCover(work, command)) return carryOutCoverAnswer(work, command);
  if (work.parked !== null && isAboutParked(command)) return carryOutOnParked(work, work.parked, command);
  if (work.state !== null && isAboutBelonging(work, command)) return carryOutOnBelonging(work, command);
  if (work.state !== null && isAboutCategory(work, command)) return carryOutOnCategory(work, command);
  if (work.state !== null && isAboutRequest(command)) return carryOutOnRequest(work, command);
  work.refuse(command.verb, { code: 'not-here' });
}

/** While Baton only looks on it mails nobody, and says so instead of "sent"; the words are kept. */
export function isHeldBack(work: ReplyWork, command: Command): boolean {
  if (work.given.policy.shadow !== true || !needsMail(command)) return false;
  if ('text' in command) work.keep(command.text);
  work.refuse(command.verb, { code: 'looks-on' });
  return true;
}
