/**
 * What happened to one request from its arrival until now, told by the functions that decide it in earnest: some nobody
 * takes, most have an owner, who has answered or still owes it, waits for a helper, snoozes it, or hands it over.
 */

import { decideCommand, type MemberCommand } from '../../../src/domain/conversation/commands.ts';
import { arrive, decide, type Happening } from '../../../src/domain/conversation/decide.ts';
import type { ConversationEvent } from '../../../src/domain/conversation/events.ts';
import { nextDueAt } from '../../../src/domain/conversation/running-clocks.ts';
import type { Conversation } from '../../../src/domain/conversation/state.ts';
import type { ConversationId, InboxId, MemberId, MessageId } from '../../../src/domain/ids.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../../src/domain/instant.ts';
import type { NoticeDraft } from '../../../src/domain/notices/notice.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { type Load, route } from '../../../src/domain/routing.ts';

export type Story = {
  readonly after: Conversation;
  readonly events: readonly ConversationEvent[];
  readonly notices: readonly NoticeDraft[];
};

export type Beginning = {
  /** Tells the stories apart. */
  readonly number: number;
  /** Whether it came to its end, a day after it came. */
  readonly isDone?: boolean;
  readonly conversationId: ConversationId;
  readonly inboxId: InboxId;
  readonly messageId: MessageId;
  /** A mail of the member who acts in it. */
  readonly memberMail: MessageId;
  readonly storedAt: Instant;
  readonly until: Instant;
};

/** Clocks that run out one by one before the rest of the time passes at once. */
const RINGS_MAX = 3;
/** The last look at each lies within so many seconds. */
const SECONDS = 7_200;

export function tell(
  policy: Policy,
  load: Map<MemberId, { open: number; lastOfferedAt: Instant | null }>,
  beginning: Beginning,
): Story {
  const { number, storedAt } = beginning;
  const story = begun(policy, beginning);
  // No two within one millisecond, so that their clocks run out one after the other.
  const at = storedAt + SECOND + number * 1_000;
  story.happens(routing(policy, load, beginning, at), at);
  const asked = story.state().offer;
  if (asked !== null) load.set(asked.to, { open: (load.get(asked.to)?.open ?? 0) + 1, lastOfferedAt: at });
  if (beginning.isDone === true)
    return ended(
      story,
      asked?.to ?? policy.inboxes.get(beginning.inboxId)?.finalManager ?? '',
      beginning,
      at,
    );
  // A fifth has nobody who takes it.
  if (asked !== null && number % 5 !== 0) {
    story.orders(asked.to, { verb: 'accept' }, at + 10 * MINUTE);
    for (const [what, minutes] of goingOn(asked.to, beginning, policy)) {
      if ('verb' in what) story.orders(asked.to, what, at + minutes * MINUTE);
      else story.happens(what, at + minutes * MINUTE);
    }
  }
  // Not for all of them in one moment either.
  story.passes(beginning.until - (number % SECONDS) * SECOND);
  return story.told();
}

function ended(
  story: ReturnType<typeof begun>,
  owner: MemberId,
  { number, memberMail }: Beginning,
  at: Instant,
): Story {
  story.orders(owner, { verb: 'accept' }, at + 10 * MINUTE);
  story.happens(
    { type: 'answered-directly', messageId: memberMail, by: owner },
    at + (60 + (number % 300)) * MINUTE,
  );
  story.orders(owner, { verb: 'done', note: null }, at + DAY);
  return story.told();
}

function begun(policy: Policy, { conversationId, inboxId, messageId, storedAt }: Beginning) {
  const reason = { code: 'rule', sentence: `the rule "${inboxId}" matched` };
  const first = arrive(
    {
      conversationId,
      inboxId,
      messageId,
      storedAt,
      author: null,
      acknowledge: 'fixed',
      person: true,
      text: null,
      classified: { category: 'request', priority: 'normal', ruleId: inboxId, reason },
    },
    policy,
  );
  let { state } = first;
  const events = [...first.events];
  const notices = [...first.notices];
  const add = (more: Story | ReturnType<typeof decide>): void => {
    state = 'after' in more ? more.after : more.state;
    events.push(...more.events);
    notices.push(...more.notices);
  };
  const happens = (happening: Happening, at: Instant): void => add(decide(state, happening, at, policy));
  return {
    state: () => state,
    happens,
    orders(by: MemberId, command: MemberCommand, at: Instant): void {
      const context = { by, messageId: null, shown: messageId, answered: 0, now: at, policy };
      add(decideCommand(state, command, context));
    },
    passes(until: Instant): void {
      for (let ring = 0; ring < RINGS_MAX; ring += 1) {
        const due = nextDueAt(state);
        if (due === null || due > until) return;
        happens({ type: 'tick' }, due);
      }
      happens({ type: 'tick' }, until);
    },
    told: (): Story => ({ after: state, events, notices }),
  };
}

function routing(policy: Policy, load: Load, { inboxId }: Beginning, now: Instant): Happening {
  const reason = { code: 'rule', sentence: `the rule "${inboxId}" matched` };
  const assign = { type: 'team', team: inboxId } as const;
  return {
    type: 'routed',
    ...route({ policy, inboxId, classification: { assign, reason }, author: null, load, now }),
  };
}

/** What whoever took it does next, and how many minutes after it was routed. */
function goingOn(
  owner: MemberId,
  { number, memberMail, until }: Beginning,
  policy: Policy,
): [MemberCommand | Happening, number][] {
  const team = [...policy.members.keys()].filter(
    (id) => id.slice(0, 9) === owner.slice(0, 9) && id !== owner,
  );
  const colleague = team[number % team.length] ?? owner;
  const answered = { type: 'answered-directly', messageId: memberMail, by: owner } as const;
  switch (number % 8) {
    case 0:
      return [
        [answered, 60],
        [{ verb: 'snooze', until: until + DAY + number * SECOND, note: null }, 70],
      ];
    case 1:
      return [
        [answered, 60],
        [{ verb: 'due', by: until + 2 * DAY + number * SECOND }, 70],
      ];
    case 2:
      return [[{ verb: 'help-from', to: colleague, text: null }, 30]];
    case 3:
      return [[{ verb: 'handoff', to: colleague, note: null }, 30]];
    case 4:
      return [];
    default:
      return [[answered, 60 + (number % 5) * (HOUR / MINUTE)]];
  }
}
