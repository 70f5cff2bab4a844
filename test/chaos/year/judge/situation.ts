/** What has to be known of a request to say whom a clock waits for, and for how long. */
import type { ConversationEvent, Helper } from '../../../../src/domain/conversation/events.ts';
import type { MemberId } from '../../../../src/domain/ids.ts';
import type { Instant } from '../../../../src/domain/instant.ts';
import type { Wait } from '../../../../src/domain/ladder.ts';
import type { Priority } from '../../../../src/domain/policy.ts';

export type Situation = {
  inbox: string;
  priority: Priority;
  category: string | null;
  chain: readonly MemberId[];
  waits: readonly (Wait | null)[];
  openedAt: Instant;
  accountable: MemberId | null;
  owner: MemberId | null;
  isOpen: boolean;
  isOwned: boolean;
  /** The event that routed it; 0: none yet. */
  routed: number;
  snoozedUntil: Instant | null;
  /** The time by which the customer was to have an answer has passed, and they have none. */
  isMissed: boolean;
  /** When whoever answers for what nobody owns is reminded of that; an owner is not. */
  calm: { readonly due: Instant; readonly from: Instant; readonly person: MemberId | null } | null;
  /** When the latest event was that lets a rung be climbed whatever the owner's clock says. */
  mayClimb: Instant | null;
  /** Who asked whom, by the event. */
  readonly helps: Map<number, { readonly by: MemberId; readonly of: Helper }>;
};

export const newSituation = (): Situation => ({
  ...{ inbox: '', priority: 'normal', category: null, chain: [], waits: [], openedAt: 0 },
  ...{ accountable: null, owner: null, isOpen: true, isOwned: false, routed: 0 },
  ...{ snoozedUntil: null, isMissed: false, calm: null, mayClimb: null },
  helps: new Map(),
});

const Climbs = new Set<ConversationEvent['type']>([
  ...(['answer-warned', 'answer-missed', 'snooze-ended', 'due-reached', 'help-silent'] as const),
  ...(['lapsed', 'declined', 'unreachable', 'withdrawn'] as const),
]);

export function follow(about: Situation, event: ConversationEvent): void {
  if (Climbs.has(event.type)) about.mayClimb = event.at;
  switch (event.type) {
    case 'arrived':
      about.inbox = event.inboxId;
      about.openedAt = event.at;
      about.accountable = event.accountable;
      return;
    case 'classified':
      about.priority = event.priority;
      about.category = event.category;
      return;
    case 'routed':
      about.routed = event.seq;
      about.chain = event.chain;
      about.waits = event.waits ?? [];
      return;
    case 'accepted':
      about.accountable = event.by;
      about.owner = event.by;
      about.isOwned = true;
      return;
    case 'accountability-moved':
      about.accountable = event.to;
      about.owner = null;
      about.isOwned = false;
      return;
    case 'reopened':
      about.accountable = event.accountable;
      about.owner = event.owner;
      about.isOwned = event.owner !== null;
      about.isOpen = true;
      return;
    case 'done':
      Object.assign(about, { isOpen: false, isOwned: false, accountable: null, snoozedUntil: null });
      Object.assign(about, { isMissed: false, calm: null });
      return;
    case 'snoozed':
      about.snoozedUntil = event.until;
      return;
    case 'snooze-ended':
      about.snoozedUntil = null;
      return;
    default:
      return answers(about, event);
  }
}

function answers(about: Situation, event: ConversationEvent): void {
  switch (event.type) {
    case 'answer-owed':
    case 'replied':
    case 'answered-directly':
      about.isMissed = false;
      about.calm = null;
      return;
    case 'split-off':
      if (!event.owed) Object.assign(about, { isMissed: false, calm: null });
      return;
    case 'answer-missed':
      about.isMissed = true;
      about.calm = event.toldCustomer
        ? null
        : { due: event.answerBy, from: event.at, person: about.accountable };
      return;
    case 'help-asked':
      about.helps.set(event.seq, { by: event.by, of: event.of });
      return;
    default:
  }
}
