/**
 * Sends what the outbox holds. Each try is on record, with the bytes it will send, before a connection is used;
 * the same bytes with the same Message-ID go out again when the outcome is unknown, because a copy can be told
 * from a second mail and a silence cannot be told from a loss.
 */
import { parseStrictAddress, withTag } from '../domain/address.ts';
import { decide, type Happening } from '../domain/conversation/decide.ts';
import type { NoticeId } from '../domain/ids.ts';
import { type DeliveryFailure, failureOfAnswer, NoAddress } from '../domain/lost-mail.ts';
import type { StoredNotice } from '../domain/notices/notice.ts';
import { retryAt } from '../domain/retry.ts';
import { isHeldInShadow, SHADOW } from '../domain/shadow.ts';
import { afterLoss, isWaitedFor } from './after-loss.ts';
import { bundleAbove } from './bundle-notices.ts';
import { composeNotice, sentAgain } from './compose-notice.ts';
import { currentPolicy } from './current-policy.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import type { SendOutcome } from './ports/mail-sender.ts';
import type { AttemptStart, ClaimedNotice, NoticeOutcome } from './ports/outbox.ts';
import type { Transaction } from './ports/store.ts';
import { helpOf, memberUnreached, notTold } from './returned-mail.ts';

export type DeliverDeps = Pick<
  Deps,
  | 'store'
  | 'queue'
  | 'parser'
  | 'composer'
  | 'render'
  | 'senderOf'
  | 'clock'
  | 'policy'
  | 'secret'
  | 'limits'
  | 'log'
>;

const CLAIM_MAX = 25;

/** Sends due notices, those with the given ids or any; answers how many were claimed. */
export async function deliverOutbox(deps: DeliverDeps, ids?: readonly NoticeId[]): Promise<number> {
  const request = { limit: ids?.length ?? CLAIM_MAX, lease: deps.limits.sendLease };
  const claimed = await deps.store.claimNotices(ids === undefined ? request : { ...request, ids });
  const isHeld = ({ notice }: ClaimedNotice): boolean => isHeldInShadow(deps.policy(), notice);
  // No loss, so nothing follows from it: nobody is waited for less.
  const held = claimed.filter(isHeld).map((claim) => deps.store.recordOutcome(dropped(claim, SHADOW)));
  const single = await bundleAbove(
    deps,
    claimed.filter((claim) => !isHeld(claim)),
  );
  const results = await Promise.allSettled([...held, ...single.map((claim) => deliverOne(deps, claim))]);
  const failed = results.find((result) => result.status === 'rejected');
  // Its lease runs out by itself, and then it is tried again; the others were sent.
  if (failed !== undefined) throw failed.reason;
  return claimed.length;
}

async function deliverOne(deps: DeliverDeps, claim: ClaimedNotice): Promise<void> {
  const { notice } = claim;
  if (claim.attempts === 0 && claim.claims > deps.limits.triesMax) {
    deps.log.error(
      { step: 'deliver', notice: notice.id, kind: notice.body.kind },
      'a notice cannot be made into a mail',
    );
    await record(deps, notice, { ...dropped(claim, 'cannot-be-made'), state: 'failed' });
    return;
  }
  const ready = claim.mail === null ? await prepare(deps, claim) : await sentAgain(deps, notice, claim.mail);
  if ('drop' in ready)
    return record(deps, notice, dropped(claim, ready.drop), ready.drop === 'bad-address' ? NoAddress : null);
  const number = claim.attempts + 1;
  const brake = await deps.store.beginAttempt({
    ...{ id: notice.id, number, claims: claim.claims, lease: deps.limits.sendLease },
    ...ready,
  });
  if (brake !== null) return record(deps, notice, dropped(claim, brake), null);
  const inbox = deps.policy().inboxes.get(notice.inboxId);
  if (inbox === undefined) throw new Error(`notice ${notice.id} belongs to no configured inbox`);
  const outcome = await deps.senderOf(notice.inboxId).send({
    envelopeFrom: withTag(inbox.address, claim.key),
    envelopeTo: ready.recipient,
    raw: ready.raw,
  });
  const failure = outcome.type === 'accepted' ? null : failureOfAnswer(outcome.response);
  await record(deps, notice, judged(deps, claim, number, outcome), failure);
}

const dropped = ({ notice: { id }, claims }: ClaimedNotice, code: string): NoticeOutcome => ({
  ...{ id, claims, attempt: null, result: null },
  ...{ state: 'dropped', code },
});

/** The address and bytes of the first try, or why there will be none. */
async function prepare(
  deps: DeliverDeps,
  claim: ClaimedNotice,
): Promise<Pick<AttemptStart, 'recipient' | 'raw' | 'counted'> | { drop: string }> {
  const composed = await composeNotice(deps, claim);
  if ('drop' in composed) return composed;
  const recipient = parseStrictAddress(composed.recipient);
  const to = parseStrictAddress(composed.to.address);
  if (recipient === null || to === null) return { drop: 'bad-address' };
  return {
    recipient,
    counted: composed.counted,
    raw: await deps.composer.compose({ ...composed, to: { ...composed.to, address: to } }),
  };
}

function judged(
  deps: DeliverDeps,
  { notice, claims }: ClaimedNotice,
  attempt: number,
  outcome: SendOutcome,
): NoticeOutcome {
  const code = outcome.type === 'accepted' ? 'accepted' : outcome.code;
  const result = { outcome: outcome.type, code };
  const base = { id: notice.id, claims, attempt, result, code };
  if (outcome.type === 'accepted') return { ...base, state: 'sent' };
  deps.log.warn(
    {
      step: 'deliver',
      notice: notice.id,
      kind: notice.body.kind,
      conversation: notice.conversationId,
      outcome: outcome.type,
      code,
    },
    'a notice could not be sent',
  );
  if (outcome.type === 'permanent') return { ...base, state: 'failed' };
  const next = retryAt(attempt, outcome, notice.createdAt, deps.clock.now());
  return { ...base, state: next === null ? 'failed' : { retryAt: next } };
}

/** Commits the outcome; a notice that will never arrive is news for whoever answers for the conversation. */
async function record(
  deps: DeliverDeps,
  notice: StoredNotice,
  outcome: NoticeOutcome,
  failure: DeliveryFailure | null = null,
): Promise<void> {
  const { conversationId } = notice;
  const lost = outcome.state === 'failed' || (outcome.state === 'dropped' && outcome.code === 'bad-address');
  if (conversationId === null) return recordLoose(deps, notice, outcome, failure);
  if (!lost) return deps.store.recordOutcome(outcome);
  const notices = await deps.store.transact([], (tx) =>
    recordLoss(deps, tx, notice, conversationId, outcome, failure),
  );
  await deps.queue.ring('deliver', notices);
}

/** A notice about no conversation: what waits for a reader whom it will not reach goes on without them. */
async function recordLoose(
  deps: DeliverDeps,
  notice: StoredNotice,
  outcome: NoticeOutcome,
  failure: DeliveryFailure | null,
): Promise<void> {
  // A bundle of which nothing is wanted any more is no loss.
  const isOvertaken = notice.body.kind === 'bundle' && outcome.code !== 'bad-address';
  const isLost = outcome.state === 'failed' || (outcome.state === 'dropped' && !isOvertaken);
  if (!isLost || (!isWaitedFor(notice) && failure === null)) return deps.store.recordOutcome(outcome);
  const written = await deps.store.transact([], async (tx) => {
    const followed = await afterLoss(deps, tx, notice, { why: 'refused', failure, messageId: null });
    return tx.write({ outcomes: [outcome], ...((await isLastWord(tx, outcome)) ? followed : {}) });
  });
  await deps.queue.ring('deliver', written.notices);
}

/**
 * Of what another has claimed since, nothing is lost: it may arrive yet, and if not, that one tells of it. Asked after
 * whatever the notice is about was locked, as always with rows of the outbox.
 */
const isLastWord = async (tx: Transaction, outcome: NoticeOutcome): Promise<boolean> =>
  (await tx.lockClaimed([outcome])).size > 0;

async function recordLoss(
  deps: DeliverDeps,
  tx: Transaction,
  notice: StoredNotice,
  conversationId: number,
  outcome: NoticeOutcome,
  failure: DeliveryFailure | null,
): Promise<number[]> {
  const before = (await tx.lockConversations([conversationId])).get(conversationId);
  if (before === undefined)
    throw new Error(`notice ${notice.id} tells of a conversation that does not exist`);
  if (!(await isLastWord(tx, outcome))) return (await tx.write({ outcomes: [outcome] })).notices;
  const now = await tx.now();
  const { recipient, body, seq } = notice;
  const happening: Happening = {
    type: 'not-reached',
    messageId: null,
    recipient,
    lost: body.kind,
    seq: seq ?? 0,
    why: 'refused',
    failure,
    help: helpOf(notice),
  };
  const policy = await currentPolicy(deps, tx);
  const { state, events, notices } = decide(before, happening, now, policy);
  const unreached = memberUnreached(policy, notice.inboxId, recipient, failure, now);
  const written = await tx.write({
    conversations: [{ before, after: state, events }],
    outcomes: [outcome],
    notices: noticesOf(deps, [...notices, ...notTold(unreached, notices)], now),
  });
  return written.notices;
}
