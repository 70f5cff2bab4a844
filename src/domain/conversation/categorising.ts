/**
 * A member says what a request is. While nobody owns it, who is configured for that is asked, as by a handoff, and who
 * answers for it does so until somebody accepts. What is owned gets another name and stays where it is: `handoff` is
 * the word that moves it.
 */
import type { MemberId, TextId } from '../ids.ts';
import type { Wait } from '../ladder.ts';
import { CHOSEN } from '../learning/authority.ts';
import { mention, type Reason } from '../reason.ts';
import type { Rejection } from '../rejections.ts';
import { askByHand, whoIsHere, withdrawOffer } from './asking.ts';
import type { CommandContext } from './commands.ts';
import { cannotDecide, mayDecide } from './entitled.ts';
import type { Meant } from './events.ts';
import { decline } from './ownership.ts';
import type { Step } from './step.ts';

/** A category of the request's inbox, and who is to be asked for it in turn, as everybody's load is. */
export type Chosen = Meant & {
  readonly chain: readonly MemberId[];
  readonly waits?: readonly (Wait | null)[];
  readonly reason: Reason;
  /** Who said so: for whoever is asked next, who may not be the first of the chain. */
  readonly said: Reason;
};

/** Of whoever may decide, and of whoever is asked: to them it is a no that says what it is instead. */
export function categorise(
  step: Step,
  context: CommandContext,
  chosen: Chosen,
  note: TextId | null,
): Rejection | null {
  const { by } = context;
  const { offer } = step.state;
  if (offer?.to === by && offer.acceptBy !== null && !mayDecide(step, by))
    return decline(step, context, note, chosen);
  const refused = cannotDecide(step, by);
  if (refused !== null) return refused;
  const { category, urgent, chain, waits, reason } = chosen;
  step.emit({ type: 'categorised', by, category, ...(urgent && { urgent }) });
  // What the router has not seen is asked of them by the router.
  if (step.state.owner !== null || !step.state.routed) return null;
  step.emit({ type: 'routed', chain, ...(waits !== undefined && { waits }), reason });
  const to = firstOf(step, by);
  if (to === null || to === step.state.offer?.to) return null;
  withdrawOffer(step, 'offered-to-another', { owner: null, actor: by });
  askByHand(step, to, by, note);
  return null;
}

/** The first of the chain who is here, those who were asked already after the others; null: that is `by`, or nobody. */
function firstOf(step: Step, by: MemberId): MemberId | null {
  const { chain, asked, author } = step.state;
  const here = chain.flatMap((id) => whoIsHere(step, id)).filter((id) => id !== author);
  const [first] = here;
  if (first === undefined || first === by) return null;
  return here.find((id) => id !== by && !asked.includes(id)) ?? first;
}

/** `name` null: that it is nothing of what is told apart. */
export const saidSo = (by: MemberId, name: string | null): Reason => ({
  code: CHOSEN.code,
  sentence: `${mention(by)} said that it is ${name ?? 'nothing that is told apart here'}`,
});
