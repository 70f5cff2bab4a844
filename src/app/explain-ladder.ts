/** Who would be asked after whom, and how long each is waited for: the way up of a request, in words. */
import { wayUp } from '../domain/conversation/climbing.ts';
import { decideCommand } from '../domain/conversation/commands.ts';
import type { Conversation } from '../domain/conversation/state.ts';
import { beginStep } from '../domain/conversation/step.ts';
import type { MemberId } from '../domain/ids.ts';
import { DAY, type Duration, HOUR, type Instant, MINUTE } from '../domain/instant.ts';
import { type Wait, whichLadder } from '../domain/ladder.ts';
import type { Policy } from '../domain/policy.ts';
import { mention } from '../domain/reason.ts';
import { finalManagerAt } from '../domain/roster.ts';
import type { TraceStep } from './explain-message.ts';

/** Nothing for what is done, and for what nobody is asked about. */
export function ladderSteps(policy: Policy, state: Conversation, at: Instant): TraceStep[] {
  if (!state.routed || state.phase === 'done') return [];
  const { inboxId, priority, classified, owner } = state;
  const { category = null, ruleId = null } = classified ?? {};
  const which = whichLadder(policy, { inboxId, category, priority, ruleId, owner });
  const ways = [
    ...(owner === null ? [`while nobody accepts: ${unaccepted(policy, state, at)}`] : []),
    ...owned(policy, state, at),
  ];
  return [{ step: 'ladder', code: which < 0 ? 'usual' : `ladders[${which}]`, text: ways.join('; ') }];
}

function unaccepted(policy: Policy, state: Conversation, at: Instant): string {
  const { chain, waits = [], priority, inboxId, author } = state;
  const usual = policy.clocks.accept[priority];
  const people = chain.map((id, place) => `${mention(id)} for ${waitWords(waits[place] ?? null, usual)}`);
  return [...people, whoDecides(finalManagerAt(policy, inboxId, at, author))].join(', then ');
}

const whoDecides = (id: MemberId): string => `${mention(id)}, who must decide`;

/** `45m`, or `45m (again after 5m)`. */
function waitWords(wait: Wait | null, usual: Duration): string {
  if (wait === null) return spanWords(usual);
  let length = 0;
  const again = wait.reminders.map((span) => {
    length += span ?? usual;
    return spanWords(length);
  });
  const whole = spanWords(length + (wait.last ?? usual));
  return again.length === 0 ? whole : `${whole} (again after ${again.join(' and ')})`;
}

/** What follows when its owner is silent; while it has none, whoever is asked first is taken for one. */
function owned(policy: Policy, state: Conversation, at: Instant): string[] {
  const taken = takenBy(policy, state, at);
  if (taken === null) return [];
  const { owner } = taken;
  const step = beginStep(policy, taken.id, taken, at);
  const steps = wayUp(step, owner).map(({ to, after, is }, place) => {
    const who = is === 'last' ? whoDecides(to) : `${mention(to)}${is === 'reminder' ? ' again' : ''}`;
    return `${who}${is === 'last' ? ',' : ''} after ${spanWords(after)}${place === 0 ? '' : ' more'}`;
  });
  return [`when ${mention(owner)} has it and is silent: ${steps.join(', then ')}`];
}

type Owned = Conversation & { readonly owner: MemberId };

const isOwned = (state: Conversation): state is Owned => state.owner !== null;

function takenBy(policy: Policy, state: Conversation, now: Instant): Owned | null {
  if (isOwned(state)) return state;
  if (state.offer === null) return null;
  const context = { by: state.offer.to, messageId: null, shown: null, answered: 0, now, policy };
  const accepted = decideCommand(state, { verb: 'accept' }, context).state;
  return isOwned(accepted) ? accepted : null;
}

/** As it is written in the configuration: `1h 30m`. */
function spanWords(span: Duration): string {
  const parts = [
    [Math.floor(span / DAY), 'd'],
    [Math.floor((span % DAY) / HOUR), 'h'],
    [Math.round((span % HOUR) / MINUTE), 'm'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
  return told.length === 0 ? '0m' : told.join(' ');
}
