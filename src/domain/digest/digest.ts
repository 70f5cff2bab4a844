/**
 * The daily digest as data: what needs a decision, worst first, then how everything else goes. It is cut at one instant
 * and holds ids, numbers and instants alone; words are added when it is sent (notices/digest.ts).
 *
 * A request stands once, by the worst of its reasons. What does not fit is named by its number, so that nothing is
 * hidden; only beyond hundreds is it counted alone.
 */
import { comesToMind } from '../comes-to-mind.ts';
import type { Conversation } from '../conversation/state.ts';
import type { ConversationId, InboxId, MemberId, MessageId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import { type Listed, listed } from '../notices/listed.ts';
import type { PlainDate, Policy } from '../policy.ts';
import { absenceAt } from '../working-time.ts';
import { Severity, type Trouble, type Why } from './attention.ts';
import type { DigestFacts, DigestQuestion, Load, MailFlow } from './facts.ts';
import { troublesOf } from './trouble.ts';

export type Digest = {
  /** The reader's date, which the subject names. */
  readonly date: PlainDate;
  readonly inboxes: readonly InboxId[];
  readonly at: Instant;
  readonly since: Instant;
  /** How many need a decision; `isMore`: at least so many. */
  readonly needs: number;
  readonly isMore: boolean;
  readonly onTrack: number;
  readonly items: readonly DigestItem[];
  /** The requests that did not fit, the worst first. */
  readonly others: readonly ConversationId[];
  readonly load: readonly MemberState[];
  readonly changes: DigestFacts['changes'];
  readonly mail: MailFlow;
  readonly listed: readonly Listed[];
};

export type DigestItem = RequestItem | ParkedItem | UnreachedItem;

export type RequestItem = {
  readonly type: 'request';
  readonly id: ConversationId;
  readonly inboxId: InboxId;
  /** The worst first. */
  readonly troubles: readonly Trouble[];
  readonly owner: MemberId | null;
  readonly accountable: MemberId;
  readonly asked: MemberId | null;
  /** To whom it could be handed: whoever is here and has the least; null: nobody comes to mind. */
  readonly suggested: MemberId | null;
};

export type ParkedItem = {
  readonly type: 'parked';
  readonly messageId: MessageId;
  readonly inboxId: InboxId;
  readonly accountable: MemberId;
  readonly since: Instant;
};

export type UnreachedItem = {
  readonly type: 'member';
  readonly member: MemberId;
  readonly since: Instant;
  readonly count: number;
  readonly code: string;
};

export type MemberState = Load & {
  /** Of what they own, how many need a decision. */
  readonly stuck: number;
  /** Until when they are away; null: they are here. */
  readonly awayUntil: Instant | null;
};

/** So many lines about what needs a decision leave room for the rest within one look. */
export const ITEMS_MAX = 12;
/** So many more are named by their number. */
export const OTHERS_MAX = 40;

export type DigestFor = {
  readonly policy: Policy;
  readonly reader: MemberId;
  readonly date: PlainDate;
  readonly question: DigestQuestion;
};

export function makeDigest(facts: DigestFacts, asked: DigestFor): Digest {
  const { question, date } = asked;
  const stuck = facts.requests
    .map((looked) => ({ state: looked.state, troubles: troublesOf(looked, question) }))
    .filter(({ troubles }) => troubles.length > 0);
  const states = new Map(stuck.map(({ state }) => [state.id, state]));
  const items = [
    ...stuck.map((one) => requestItem(one, facts, asked)),
    ...facts.parked.map(({ id, ...rest }): DigestItem => ({ type: 'parked', messageId: id, ...rest })),
    ...facts.unreached.map((one): DigestItem => ({ type: 'member', ...one })),
  ].sort(worstFirst);
  const shown = items.slice(0, ITEMS_MAX);
  const others = items.slice(ITEMS_MAX).flatMap((item) => (item.type === 'request' ? [item.id] : []));
  const named = others.slice(0, OTHERS_MAX);
  const numbers = [...shown.flatMap((item) => (item.type === 'request' ? [item.id] : [])), ...named];
  return {
    date,
    inboxes: question.inboxes,
    at: question.at,
    since: question.since,
    needs: items.length,
    isMore: facts.isCut,
    onTrack: Math.max(0, openIn(facts) - stuck.length),
    items: shown,
    others: named,
    load: loadOf(
      facts,
      stuck.map(({ state }) => state),
      asked,
    ),
    changes: facts.changes,
    mail: facts.mail,
    listed: numbers.flatMap((id) => {
      const state = states.get(id);
      return state === undefined ? [] : [listed(state)];
    }),
  };
}

const openIn = ({ load, unowned }: DigestFacts): number =>
  load.reduce((sum, { open }) => sum + open, unowned);

export const whyOf = (item: DigestItem): Why => {
  if (item.type === 'request') return item.troubles[0]?.why ?? 'silent';
  return item.type === 'parked' ? 'parked' : 'member-unreached';
};

export const sinceOf = (item: DigestItem): Instant =>
  item.type === 'request' ? (item.troubles[0]?.since ?? 0) : item.since;

const worstFirst = (a: DigestItem, b: DigestItem): number =>
  Severity[whyOf(a)] - Severity[whyOf(b)] || sinceOf(a) - sinceOf(b);

type Stuck = { readonly state: Conversation; readonly troubles: readonly Trouble[] };

function requestItem({ state, troubles }: Stuck, facts: DigestFacts, asked: DigestFor): RequestItem {
  const { id, inboxId, owner, accountable, offer } = state;
  const { policy, reader, question } = asked;
  const load = new Map(facts.load.map(({ member, open, asked }) => [member, open + asked]));
  if (accountable === null) throw new Error(`bug: request ${id} is open and nobody answers for it`);
  return {
    type: 'request',
    id,
    inboxId,
    troubles,
    owner,
    accountable,
    asked: offer?.to ?? null,
    suggested: comesToMind(state, { policy, reader, at: question.at, load })[0] ?? null,
  };
}

/** Who has the most comes first; whoever is away is told of even with nothing in hand, when they work there. */
function loadOf(
  facts: DigestFacts,
  stuck: readonly Conversation[],
  { policy, question }: DigestFor,
): MemberState[] {
  return facts.load
    .map(({ member, open, asked }) => {
      const schedule = policy.members.get(member)?.schedule;
      return {
        member,
        open,
        asked,
        stuck: stuck.filter(({ owner }) => owner === member).length,
        awayUntil: schedule === undefined ? null : (absenceAt(schedule, question.at)?.until ?? null),
      };
    })
    .sort((a, b) => b.open - a.open || b.asked - a.asked || (a.member < b.member ? -1 : 1));
}
