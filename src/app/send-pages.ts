/**
 * Sends pages: at least once each, under an id that stays the same, until it was taken, until nobody is waited for any
 * more, or until it is too late for a page. The mail that each goes along with is sent whatever becomes of the page.
 */
import { type Duration, SECOND } from '../domain/instant.ts';
import { deadlineOf } from '../domain/notices/escalation.ts';
import { isWaitedFor, pageText, pauseAfter } from '../domain/page.ts';
import { pageKey } from '../domain/reply-token.ts';
import { SHADOW } from '../domain/shadow.ts';
import { timeZoneAt } from '../domain/work-pattern.ts';
import type { Deps } from './deps.ts';
import { Failure } from './failures.ts';
import type { ClaimedPage, Page, PageChannel, PageOutcome, Pages } from './ports/pages.ts';

export type PageDeps = Pick<Deps, 'store' | 'policy' | 'clock' | 'secret' | 'log'> & {
  readonly pages: Pages;
  /** null: pages are configured no more. */
  readonly channel: PageChannel | null;
  /** Whether the subject may be named. */
  readonly words: boolean;
  readonly giveUpAfter: Duration;
};

/** Sent at once: a gateway that hangs holds up these and no others. */
const CLAIM_MAX = 10;
/** Longer than any try lasts. */
const LEASE: Duration = 30 * SECOND;

/** Answers how many were due. */
export async function sendPages(deps: PageDeps): Promise<number> {
  const claimed = await deps.pages.claim(CLAIM_MAX, LEASE);
  const results = await Promise.allSettled(claimed.map((one) => sendOne(deps, one)));
  const failed = results.find((result) => result.status === 'rejected');
  // Its lease ends by itself, and the others were sent.
  if (failed !== undefined) throw failed.reason;
  return claimed.length;
}

async function sendOne(deps: PageDeps, claimed: ClaimedPage): Promise<void> {
  const { notice } = claimed;
  const outcome = await tryOne(deps, claimed);
  await deps.pages.settle(notice.id, outcome);
  if (outcome.state === 'failed') {
    const told = { step: 'page', notice: notice.id, conversation: notice.conversationId, code: outcome.code };
    deps.log.error(told, 'a page was given up; its mail was sent');
  }
}

async function tryOne(deps: PageDeps, claimed: ClaimedPage): Promise<PageOutcome> {
  const { notice, tries, code } = claimed;
  const endsAt = notice.createdAt + deps.giveUpAfter;
  const isLate = deps.clock.now() >= endsAt;
  const page = await pageOf(deps, claimed).catch((error: unknown) => {
    // Not for ever.
    if (isLate) return { pointless: 'cannot-be-made' };
    throw error;
  });
  if ('pointless' in page) return { state: 'pointless', code: page.pointless };
  if (isLate) return { state: 'failed', code: code ?? 'too-late' };
  try {
    await deps.channel?.send(page);
    return { state: 'sent', code: 'taken' };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    deps.log.warn(
      { step: 'page', notice: notice.id, tries, code: error.code, error: error.message },
      'a page was not taken; it is tried again',
    );
    const retryAt = deps.clock.now() + pauseAfter(tries);
    return { state: retryAt < endsAt ? { retryAt } : 'failed', code: error.code };
  }
}

/** What goes out, or why there is no point in it any more. */
async function pageOf(
  deps: PageDeps,
  { notice, why }: ClaimedPage,
): Promise<Page | { readonly pointless: string }> {
  const { conversationId, recipient, inboxId, body, createdAt, dedupeKey } = notice;
  const policy = deps.policy();
  const inbox = policy.inboxes.get(inboxId);
  const member = recipient.type === 'member' ? policy.members.get(recipient.member) : undefined;
  if (policy.shadow === true) return { pointless: SHADOW };
  if (deps.channel === null || !policy.pagedInboxes.has(inboxId) || inbox === undefined)
    return { pointless: 'not-configured' };
  if (member?.active !== true) return { pointless: 'member-left' };
  if (conversationId === null) return { pointless: 'no-request' };
  const request = await deps.store.readRequest(conversationId);
  if (!isWaitedFor(notice, request.state)) return { pointless: 'overtaken' };
  const { id, name, phone, schedule } = member;
  const deadline = deadlineOf(body);
  const now = deps.clock.now();
  const subject = deps.words ? request.subject : null;
  const shown = { inboxName: inbox.name, name, deadline, subject, now, timeZone: timeZoneAt(schedule, now) };
  return {
    ...{ id: pageKey(deps.secret, dedupeKey), at: createdAt, sentAt: now },
    ...{ number: conversationId, inbox: inboxId, to: { id, name, phone }, why, deadline },
    text: pageText({ why, number: conversationId, ...shown }),
    ...(subject !== null && { subject }),
  };
}
