/**
 * Puts mails to a member together when more come than anybody reads one by one. What was put together is settled as
 * `bundled` in the transaction that makes the bundle, which then goes out like any notice.
 */
import { mayBeBundled, planBundling } from '../domain/bundling.ts';
import type { ConversationId, MemberId } from '../domain/ids.ts';
import { HOUR, type Instant } from '../domain/instant.ts';
import type { Listed } from '../domain/notices/listed.ts';
import { aboutRequest, type NoticeDraft } from '../domain/notices/notice.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import type { ClaimedNotice, NoticeOutcome } from './ports/outbox.ts';

type BundleDeps = Pick<Deps, 'store' | 'queue' | 'clock' | 'policy' | 'secret'>;

type Item = { readonly claim: ClaimedNotice; readonly createdAt: Instant };

/** Those that go out by themselves; the others wait, or are in a bundle by now. */
export async function bundleAbove(
  deps: BundleDeps,
  claimed: readonly ClaimedNotice[],
): Promise<readonly ClaimedNotice[]> {
  const itemsOf = byMember(claimed);
  if (itemsOf.size === 0) return claimed;
  const now = deps.clock.now();
  const sent = await deps.store.countSent([...itemsOf.keys()], now - HOUR);
  const outcomes: NoticeOutcome[] = [];
  const bundles: NoticeDraft[] = [];
  for (const [member, items] of itemsOf) {
    const plan = planBundling(items, sent.get(member) ?? 0, deps.policy().caps.member.hour, now);
    outcomes.push(...plan.wait.map(({ item, until }) => outcomeOf(item, { retryAt: until })));
    for (const together of Map.groupBy(plan.together, ({ claim }) => claim.notice.inboxId).values()) {
      bundles.push(bundleOf(member, together));
      outcomes.push(...together.map((item) => outcomeOf(item, 'bundled')));
    }
  }
  if (outcomes.length === 0) return claimed;
  const written = await deps.store.transact([], async (tx) =>
    tx.write({ outcomes, notices: noticesOf(deps, bundles, await tx.now()) }),
  );
  await deps.queue.ring('deliver', written.notices);
  const gone = new Set(outcomes.map(({ id }) => id));
  return claimed.filter(({ notice }) => !gone.has(notice.id));
}

/** What was tried before goes out by itself: its bytes are made. */
function byMember(claimed: readonly ClaimedNotice[]): ReadonlyMap<MemberId, readonly Item[]> {
  const items = new Map<MemberId, Item[]>();
  for (const claim of claimed) {
    const { recipient, body, createdAt } = claim.notice;
    if (recipient.type !== 'member' || claim.attempts > 0 || !mayBeBundled(body)) continue;
    items.set(recipient.member, [...(items.get(recipient.member) ?? []), { claim, createdAt }]);
  }
  for (const list of items.values()) list.sort((a, b) => a.createdAt - b.createdAt);
  return items;
}

const outcomeOf = ({ claim }: Item, state: NoticeOutcome['state']): NoticeOutcome => ({
  id: claim.notice.id,
  attempt: null,
  result: null,
  state,
  code: 'bundled',
});

function bundleOf(member: MemberId, items: readonly Item[]): NoticeDraft {
  const keys = items.map(({ claim }) => claim.key);
  return {
    ...aboutRequest(null),
    dedupeKey: `bundle:${keys[0]}`,
    inboxId: items[0]?.claim.notice.inboxId ?? '',
    recipient: { type: 'member', member },
    body: { kind: 'bundle', notices: keys, listed: listedOf(items) },
  };
}

/** What its reader may name by number, as the latest of the mails in it tells of each. */
function listedOf(items: readonly Item[]): readonly Listed[] {
  const all = new Map<ConversationId, Listed>();
  for (const { claim } of items) {
    const { conversationId, shown, answered, epoch } = claim.notice;
    if (conversationId !== null && shown !== null)
      all.set(conversationId, { conversationId, shown, answered, epoch });
  }
  return [...all.values()];
}
