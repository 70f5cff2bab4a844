/**
 * Sends the mails that members get at their own hour: the digest of managers and whatever else is registered below.
 *
 * Each goes out at most once for a member and a date of theirs: whoever writes that row sends the mail in the same
 * transaction, so any number of clocks, restarts and clocks that jump change nothing. What is due is told from the policy
 * and the time alone, and what is settled is remembered, so that asking every few seconds costs the database nothing.
 */
import { withAbsences } from '../domain/absences.ts';
import { type DigestFor, makeDigest } from '../domain/digest/digest.ts';
import { digestQuestion } from '../domain/digest/trouble.ts';
import type { InboxId, MemberId, NoticeId } from '../domain/ids.ts';
import { DAY, type Instant, MINUTE } from '../domain/instant.ts';
import { aboutRequest, type NoticeBody, type NoticeDraft } from '../domain/notices/notice.ts';
import type { PlainDate, Policy } from '../domain/policy.ts';
import { isManagerOf } from '../domain/roster.ts';
import {
  BEGINS_WITHIN,
  type DueMail,
  dueStandingMails,
  type StandingKind,
  StandingKinds,
  type StandingMail,
} from '../domain/standing-mails.ts';
import { currentPolicy } from './current-policy.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';

export type StandingDeps = Pick<Deps, 'store' | 'queue' | 'policy' | 'secret' | 'clock'>;

export type StandingQuestion = {
  readonly policy: Policy;
  readonly member: MemberId;
  readonly date: PlainDate;
  readonly at: Instant;
  /** When the one before told what was so; null: there was none. */
  readonly last: Instant | null;
};

/** What a standing mail says; null: there is nothing to say today, and nothing is sent. */
type Content = (deps: Pick<Deps, 'store'>, asked: StandingQuestion) => Promise<NoticeBody | null>;

/** Those that have something to say; a kind that is not here is never due. */
const Contents: { readonly [K in StandingKind]?: Content } = {
  digest: async (deps, asked) => ({ kind: 'digest', ...(await digestOf(deps, asked)) }),
};

/** The kinds that somebody gets. */
export const Registered = StandingKinds.filter((kind) => Contents[kind] !== undefined);

/** What is known of a member's mail of a kind, so that nobody is asked again for nothing; `askedAt` null: it is settled. */
type Known = { readonly date: PlainDate; readonly askedAt: Instant | null };

/** How long somebody who turns out to be away, or whose database has another time, is let alone. */
const PAUSE = MINUTE;

/** Answers what a clock calls as often as it ticks; that says how many went out. */
export function standingMails(): (deps: StandingDeps) => Promise<number> {
  const known = new Map<string, Known>();
  return async (deps) => {
    const now = deps.clock.now();
    const isOpen = (mail: DueMail): boolean => {
      const seen = known.get(nameOf(mail));
      if (seen?.date !== mail.date) return true;
      // Also a clock that was set back has waited.
      return seen.askedAt !== null && Math.abs(now - seen.askedAt) >= PAUSE;
    };
    const due = dueStandingMails(deps.policy(), now, Registered).filter(isOpen);
    if (due.length === 0) return 0;
    let sent = 0;
    for (const mail of due) {
      const outcome = await settle(deps, mail);
      known.set(nameOf(mail), { date: mail.date, askedAt: outcome === 'not-now' ? now : null });
      if (outcome === 'sent') sent += 1;
    }
    return sent;
  };
}

const nameOf = ({ member, kind }: StandingMail): string => `${member}/${kind}`;

/** `settled`: it went out before, or there was nothing to say. */
type Outcome = 'sent' | 'settled' | 'not-now';

async function settle(deps: StandingDeps, { member, kind, date, at }: DueMail): Promise<Outcome> {
  const { store } = deps;
  const last = await store.lastStandingMail(member, kind);
  if (last !== null && last.date >= date) return 'settled';
  const now = deps.clock.now();
  const policy = withAbsences(deps.policy(), await store.toldAbsences());
  if (!isDue(policy, { member, kind, date }, now)) return 'not-now';
  const isLate = last === null && now > at + BEGINS_WITHIN;
  const asked = { policy, member, date, at: now, last: last?.at ?? null };
  const body = isLate ? null : ((await Contents[kind]?.(deps, asked)) ?? null);
  const written = await store.transact([], async (tx): Promise<readonly NoticeId[] | null> => {
    const time = await tx.now();
    if (!isDue(await currentPolicy(deps, tx), { member, kind, date }, time)) return null;
    const isMine = await tx.claimStandingMail({ member, kind, date, at: now, sent: body !== null });
    if (!isMine || body === null) return [];
    const drafts = [draftOf(policy, { member, kind, date }, body)];
    return (await tx.write({ notices: noticesOf(deps, drafts, time) })).notices;
  });
  if (written === null) return 'not-now';
  await deps.queue.ring('deliver', written);
  return written.length === 0 ? 'settled' : 'sent';
}

/** By the policy with who is away, and by the time of whoever asks: the database's own decides. */
const isDue = (policy: Policy, { member, kind, date }: StandingMail, now: Instant): boolean =>
  dueStandingMails(policy, now, [kind]).some((mail) => mail.member === member && mail.date === date);

function draftOf(policy: Policy, { member, kind, date }: StandingMail, body: NoticeBody): NoticeDraft {
  return {
    dedupeKey: `standing:${kind}/${date}/member:${member}`,
    inboxId: inboxesOf(policy, member)[0] ?? [...policy.inboxes.keys()][0] ?? '',
    ...aboutRequest(null),
    recipient: { type: 'member', member },
    body,
  };
}

/** Those that a member manages. */
export const inboxesOf = (policy: Policy, member: MemberId): readonly InboxId[] =>
  [...policy.inboxes.keys()].filter((id) => isManagerOf(policy, member, id));

/** "Since yesterday" reaches back to the digest before, over a weekend too, but not over a holiday of weeks. */
const SINCE_MAX = 7 * DAY;

export async function digestOf(
  { store }: Pick<Deps, 'store'>,
  { policy, member, date, at, last }: StandingQuestion,
) {
  const since = last === null || last >= at ? at - DAY : Math.max(last, at - SINCE_MAX);
  const question = digestQuestion(policy, inboxesOf(policy, member), at, since);
  const asked: DigestFor = { policy, reader: member, date, question };
  return makeDigest(await store.readDigest(question), asked);
}
