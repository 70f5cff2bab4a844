/** What a member reads in the morning who wants to: all that waits for them, as "my requests" answers at any time. */
import type { Conversation } from '../domain/conversation/state.ts';
import { sortDesk } from '../domain/desk.ts';
import type { MemberId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { type Listed, listed } from '../domain/notices/listed.ts';
import type { NoticeBody } from '../domain/notices/notice.ts';
import type { Store } from './ports/store.ts';

/** More than that nobody reads in one mail. */
const LISTED_MAX = 40;

/** What a list of these would show of them, the most pressing first. */
export const listedOnDesk = (
  desk: readonly Conversation[],
  member: MemberId,
  now: Instant,
): readonly Listed[] =>
  sortDesk(
    desk.filter(({ phase }) => phase !== 'done').map((state) => ({ state })),
    member,
    now,
  )
    .slice(0, LISTED_MAX)
    .map(({ item }) => listed(item.state));

/** What the mail says; null: nothing waits, and nothing is sent. */
export async function morningListOf(
  { store }: { readonly store: Pick<Store, 'readDesk' | 'parkedOf'> },
  { member, at }: { readonly member: MemberId; readonly at: Instant },
): Promise<NoticeBody | null> {
  const desk = (await store.readDesk(member)).map(({ state }) => state);
  const parked = await store.parkedOf([member]);
  if (desk.length + parked.length === 0) return null;
  return { kind: 'morning-list', listed: listedOnDesk(desk, member, at) };
}
