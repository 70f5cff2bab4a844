/** Who would be asked after whom, and how long each is waited for: the way up of a request, in words. */
import type { Conversation } from '../domain/conversation/state.ts';
import { DAY, type Duration, HOUR, MINUTE } from '../domain/instant.ts';
import { ladderFor, type Wait, whichLadder } from '../domain/ladder.ts';
import type { Policy, Rung } from '../domain/policy.ts';
import { mention } from '../domain/reason.ts';
import type { TraceStep } from './explain-message.ts';

/** Nothing for what is done, and for what nobody is asked about. */
export function ladderSteps(policy: Policy, state: Conversation): TraceStep[] {
  if (!state.routed || state.phase === 'done') return [];
  const { inboxId, priority, classified, owner } = state;
  const { category = null, ruleId = null } = classified ?? {};
  const climbing = { inboxId, category, priority, ruleId, owner };
  const which = whichLadder(policy, climbing);
  const { owned } = ladderFor(policy, climbing);
  return [
    {
      step: 'ladder',
      code: which < 0 ? 'usual' : `ladders[${which}]`,
      text: `while nobody accepts: ${unaccepted(policy, state)}; once somebody has it: ${ownedWords(policy, state, owned)}`,
    },
  ];
}

function unaccepted({ clocks }: Policy, { chain, waits = [], priority }: Conversation): string {
  const usual = clocks.accept[priority];
  const people = chain.map((id, at) => `${mention(id)} for ${waitWords(waits[at] ?? null, usual)}`);
  return [...people, 'the final manager'].join(', then ');
}

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

function ownedWords({ clocks }: Policy, { priority }: Conversation, rungs: readonly Rung[]): string {
  const steps = rungs.map((rung, at) => {
    const after = rung.after ?? (at === 0 ? clocks.progress[priority] : null);
    const name = rung.to === 'member' ? mention(rung.member) : Rungs[rung.to];
    return after === null ? name : `${name} after ${spanWords(after)}`;
  });
  return (rungs.at(-1)?.to === 'final-manager' ? steps : [...steps, Rungs['final-manager']]).join(', then ');
}

/** Who is told or asked there. */
const Rungs: Readonly<Record<Exclude<Rung['to'], 'member'>, string>> = {
  remind: 'its owner again',
  backup: 'whoever stands in for them',
  team: 'their team',
  'front-desk': 'the front desk',
  'on-call': 'whoever is on call',
  'final-manager': 'the final manager',
};

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
