/**
 * What follows for a mail that could not be read: the front desk is asked, after its time the final manager is asked as
 * well and answers for it, and is reminded on the calm rhythm until somebody decides. Who was told may decide at any
 * time, also when it has moved on since.
 *
 * Total: every happening has an answer in every state, and nothing ever leaves an open mail without a person and a
 * next instant. However late a clock is looked at, one thing follows and the next instant counts from then.
 */
import type { MemberId } from '../ids.ts';
import { isHere } from '../roster.ts';
import { finalTurn, frontDeskTurn, type Turn, turnAbove, turnOfTheAway } from './in-charge.ts';
import { type Decision, isOpen, type MovedWhy, type OpenParked, type Parked } from './parked.ts';
import { beginStep, type ParkedContext, type ParkedDecision, type Step } from './step.ts';

export type ParkedHappening =
  /** It could not be read. `author`: the member who wrote it, when it is an answer that could not be carried out. */
  | { readonly type: 'set-aside'; readonly code: string; readonly author: MemberId | null }
  /** Time has passed. */
  | { readonly type: 'tick' }
  /** Whoever answers for it may be away, or have left. */
  | { readonly type: 'look' }
  /** A mail that told this member of it did not arrive. */
  | { readonly type: 'not-reached'; readonly member: MemberId }
  | { readonly type: 'told'; readonly to: MemberId; readonly by: MemberId }
  | {
      readonly type: 'decided';
      readonly how: Decision;
      readonly by: MemberId;
      readonly where: 'by-mail' | 'on-the-board' | 'at-the-server';
    };

/** null: nothing follows, because nobody waits for anything any more, or it is not time yet. */
export function decideParked(
  before: Parked | null,
  happening: ParkedHappening,
  context: ParkedContext,
): ParkedDecision | null {
  const step = beginStep(before, context);
  if (happening.type === 'set-aside') setAside(step, happening);
  else if (isOpen(before)) carryOn(step, before, happening);
  return step.decision();
}

function carryOn(
  step: Step,
  open: OpenParked,
  happening: Exclude<ParkedHappening, { type: 'set-aside' }>,
): void {
  switch (happening.type) {
    case 'tick':
      return step.now < open.due ? undefined : timeIsUp(step, open);
    case 'look':
      return look(step, open);
    case 'not-reached':
      return notReached(step, open, happening.member);
    case 'told': {
      const { to, by } = happening;
      if (open.told.includes(to)) return;
      step.emit({ type: 'told', to, by });
      return step.ask(to, 'told', by);
    }
    case 'decided':
      return decided(step, open, happening);
    default:
      return happening satisfies never;
  }
}

function setAside(step: Step, { code, author }: ParkedHappening & { type: 'set-aside' }): void {
  const { before, policy, inboxId } = step;
  // Who had it read again has decided and moved nothing: it goes on with whoever answered for it.
  const kept = before !== null && isHere(policy, before.accountable, step.now);
  const turn = kept
    ? { to: before.accountable, rung: before.rung }
    : (frontDeskTurn(step.question([])) ?? turnOfTheAway(step.question([])));
  step.emit({ type: 'set-aside', inboxId, ...turn, due: step.due(turn), code });
  step.ask(turn.to, before === null ? 'new' : 'again', null);
  const by = before?.decided?.by ?? null;
  if (by !== null && by !== turn.to) {
    step.emit({ type: 'told', to: by, by });
    step.ask(by, 'again', null);
  }
  if (author !== null) step.tell(author, { type: 'not-carried-out' });
}

function timeIsUp(step: Step, open: OpenParked): void {
  const top = finalTurn(step.question(open.unreached));
  if (top !== null && top.to !== open.accountable) return move(step, open, top, 'silent');
  // Nobody else is here who could decide: whoever has it hears again.
  const rung = top === null ? open.rung : top.rung;
  step.emit({ type: 'reminded', rung, due: step.due({ to: open.accountable, rung: 'final' }) });
  step.ask(open.accountable, 'reminder', null);
}

function look(step: Step, open: OpenParked): void {
  const { policy } = step;
  if (isHere(policy, open.accountable, step.now)) return;
  const isGone = policy.members.get(open.accountable)?.active !== true;
  const question = step.question(open.unreached);
  const here = open.rung === 'front-desk' ? frontDeskTurn(question) : turnAbove(question);
  const turn = here ?? (isGone ? turnOfTheAway(question) : null);
  if (turn !== null && turn.to !== open.accountable) move(step, open, turn, isGone ? 'left' : 'away');
}

function notReached(step: Step, open: OpenParked, member: MemberId): void {
  if (!open.told.includes(member) || open.unreached.includes(member)) return;
  step.emit({ type: 'not-reached', member });
  if (member !== open.accountable) return step.tell(open.accountable, { type: 'not-reached', member });
  const turn = turnAbove(step.question([...open.unreached, member]));
  if (turn !== null) move(step, open, turn, 'not-reached');
}

function move(step: Step, { accountable, unreached }: OpenParked, turn: Turn, why: MovedWhy): void {
  step.emit({ type: 'moved', ...turn, why, due: step.due(turn) });
  step.ask(turn.to, why, accountable);
  // Whoever is away, gone or not reached reads nothing of it.
  if (why === 'silent' && !unreached.includes(accountable))
    step.tell(accountable, { type: 'moved-up', to: turn.to });
}

function decided(step: Step, open: OpenParked, happening: ParkedHappening & { type: 'decided' }): void {
  const { how, by, where } = happening;
  step.emit({ type: 'decided', how, by, where });
  // Whoever decided themselves has a receipt; of what was done in their name they hear like the others.
  const others = where === 'at-the-server' ? [...open.told, by] : open.told.filter((id) => id !== by);
  for (const member of new Set(others)) step.tell(member, { type: 'decided', how, by, where });
}
