/**
 * Puts mails to a member together: escalations that are not urgent within the hour, and whatever else comes faster than
 * anybody reads one by one. What was put together is settled as `bundled` in the transaction that makes the bundle,
 * which then goes out like any notice.
 */
import { mayBeBundled, planBundling, planEscalations } from '../domain/bundling.ts';
import type { ConversationId, MemberId } from '../domain/ids.ts';
import { HOUR, type Instant } from '../domain/instant.ts';
import { waitsUntil } from '../domain/notices/escalation.ts';
import type { Listed } from '../domain/notices/listed.ts';
import { aboutRequest, type NoticeDraft } from '../domain/notices/notice.ts';
import type { Deps } from './deps.ts';
import { Failure } from './failures.ts';
import { noticesOf } from './new-notice.ts';
import type { ClaimedNotice, HeldClaim, NoticeOutcome, SentLately } from './ports/outbox.ts';
import type { Transaction } from './ports/store.ts';

type BundleDeps = Pick<Deps, 'store' | 'queue' | 'clock' | 'policy' | 'secret' | 'limits'>;

type Item = {
  readonly claim: ClaimedNotice;
  readonly id: number;
  readonly createdAt: Instant;
  /** Until when it may wait for others, as an escalation. */
  readonly latest: Instant;
};

/** As many as one bundle should hold at most. */
const WAITING_MAX = 100;

/** Those that go out by themselves; the others wait, or are in a bundle by now. */
export async function bundleAbove(
  deps: BundleDeps,
  claimed: readonly ClaimedNotice[],
): Promise<readonly ClaimedNotice[]> {
  const itemsOf = byMember(deps, claimed);
  if (itemsOf.size === 0) return claimed;
  const lately = await deps.store.sentLately([...itemsOf.keys()], deps.clock.now() - HOUR);
  const outcomes: NoticeOutcome[] = [];
  const bundles: NoticeDraft[] = [];
  const all = [...claimed];
  for (const [member, items] of itemsOf) {
    const { wait, together, fetched } = await sorted(deps, member, items, lately.get(member));
    all.push(...fetched);
    outcomes.push(...wait.map(({ item, until }) => outcomeOf(item, { retryAt: until })));
    for (const group of Map.groupBy(together, ({ claim }) => claim.notice.inboxId).values()) {
      // Alone in its inbox, it goes out as it is.
      if (group.length === 1) continue;
      bundles.push(bundleOf(member, group));
      outcomes.push(...group.map((item) => outcomeOf(item, 'bundled')));
    }
  }
  if (outcomes.length === 0) return all;
  const moved = new Set(outcomes.map(({ id }) => id));
  const written = await deps.store.transact([], async (tx) => {
    await demandHeld(tx, outcomes);
    return tx.write({ outcomes, notices: noticesOf(deps, bundles, await tx.now()) });
  });
  await deps.queue.ring('deliver', written.notices);
  return all.filter(({ notice }) => !moved.has(notice.id));
}

/**
 * Whoever was slower than their lease may find that another mailer has sent or bundled some of these: to bundle them
 * again would tell the same twice, or mark as told what stands in no mail.
 */
async function demandHeld(tx: Transaction, claims: readonly HeldClaim[]): Promise<void> {
  const held = await tx.lockClaimed(claims);
  if (held.size < claims.length)
    throw new Failure('temporary', 'claim-lost', 'another mailer has taken these notices by now');
}

/** `fetched`: what else waited for this member, and comes now. */
async function sorted(
  deps: BundleDeps,
  member: MemberId,
  items: readonly Item[],
  { mails, began, first }: SentLately = { mails: 0, began: null, first: null },
) {
  const now = deps.clock.now();
  const patient = items.filter(({ claim }) => claim.mayWait);
  const early = planEscalations(patient, { began, first }, now);
  const fetched = early.ripe.length === 0 ? [] : await waitingFor(deps, member);
  const ripe = [...early.ripe, ...itemsFrom(deps, fetched)];
  const isAlone = ripe.length === 1;
  const single = [...items.filter(({ claim }) => !claim.mayWait), ...early.first, ...(isAlone ? ripe : [])];
  const plan = planBundling(single.sort(byAge), mails, deps.policy().caps.member.hour, now);
  return {
    wait: [...early.wait, ...plan.wait],
    together: [...(isAlone ? [] : ripe), ...plan.together].sort(byAge),
    fetched,
  };
}

const waitingFor = ({ store, limits }: BundleDeps, member: MemberId): Promise<ClaimedNotice[]> =>
  store.claimWaiting(member, { limit: WAITING_MAX, lease: limits.sendLease });

function byMember(
  deps: BundleDeps,
  claimed: readonly ClaimedNotice[],
): ReadonlyMap<MemberId, readonly Item[]> {
  const items = Map.groupBy(itemsFrom(deps, claimed), ({ claim: { notice } }) => memberOf(notice));
  for (const list of items.values()) list.sort(byAge);
  return items;
}

/** What was tried before goes out by itself: its bytes are made. */
function itemsFrom({ policy }: BundleDeps, claimed: readonly ClaimedNotice[]): Item[] {
  return claimed.flatMap((claim) => {
    const { id, recipient, body, createdAt } = claim.notice;
    if (recipient.type !== 'member' || claim.attempts > 0 || body.kind === 'bundle') return [];
    if (!claim.mayWait && !mayBeBundled(body)) return [];
    const schedule = policy().members.get(recipient.member)?.schedule;
    // What comes a second time has waited.
    const latest = claim.claims > 1 ? createdAt : waitsUntil(body, createdAt, schedule);
    return [{ claim, id, createdAt, latest }];
  });
}

const memberOf = ({ recipient }: ClaimedNotice['notice']): MemberId =>
  recipient.type === 'member' ? recipient.member : '';

const byAge = (a: Item, b: Item): number => a.createdAt - b.createdAt || a.id - b.id;

const outcomeOf = ({ claim }: Item, state: NoticeOutcome['state']): NoticeOutcome => ({
  id: claim.notice.id,
  claims: claim.claims,
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
