/** What members answer to a mail that lists several requests: their numbers in front of what they say of each. */
import type { Conversation } from '../../../src/domain/conversation/state.ts';
import type { ConversationId, MemberId } from '../../../src/domain/ids.ts';
import { listedIn } from '../../../src/domain/notices/listed.ts';
import type { NoticeBody } from '../../../src/domain/notices/notice.ts';
import type { Chance } from './chance.ts';

/** More than that nobody goes through before coffee. */
const ANSWERED_MAX = 5;

/** How likely somebody answers such a mail at once. */
export const ListHabits: Readonly<Partial<Record<NoticeBody['kind'], number>>> = {
  digest: 0.4,
  'morning-list': 0.4,
  bundle: 0.6,
};

export type Asked = {
  readonly request: (id: ConversationId) => Conversation;
  /** Somebody else who is there. */
  readonly colleague: () => string;
};

/** The lines of the answer, and which requests they take by it. */
export function answerToList(
  reader: MemberId,
  body: NoticeBody,
  { request, colleague }: Asked,
  dice: Chance,
): { readonly lines: readonly string[]; readonly taken: readonly ConversationId[] } {
  const open = (listedIn(body) ?? [])
    .map(({ conversationId }) => request(conversationId))
    .filter(({ phase }) => phase !== 'done')
    .slice(0, ANSWERED_MAX);
  const taken: ConversationId[] = [];
  const orders = new Map<string, ConversationId[]>();
  for (const state of open) {
    const order = orderAbout(reader, state, colleague, dice);
    if (order === null) continue;
    if (order === 'accept' || order === 'take') taken.push(state.id);
    orders.set(order, [...(orders.get(order) ?? []), state.id]);
  }
  return { lines: [...orders].map(([order, ids]) => `${ids.join(', ')} ${order}`), taken };
}

function orderAbout(
  reader: MemberId,
  { owner, offer }: Conversation,
  colleague: () => string,
  dice: Chance,
): string | null {
  const roll = dice.next();
  if (owner === reader) {
    if (roll < 0.3) return 'note: I see to it today';
    return roll < 0.5 ? 'snooze until tomorrow' : null;
  }
  if (offer?.to === reader) {
    if (roll < 0.5) return 'accept';
    return roll < 0.85 ? `handoff to ${colleague()}` : 'decline';
  }
  if (owner === null) {
    if (roll < 0.35) return `handoff to ${colleague()}`;
    return roll < 0.5 ? 'take' : null;
  }
  if (roll < 0.45) return 'remind';
  return roll < 0.6 ? `handoff to ${colleague()}` : null;
}
