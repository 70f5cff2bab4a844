/**
 * Keeps the times in which Baton only looks on, and tells managers of them: at the hour of their digest whom it would
 * have asked, and once, when it begins to work, what of that time is still open. What was held back is not sent then.
 * The clocks of these requests run on as they did, so that each is put to its next person, or to the final manager.
 */
import type { InboxId, MemberId } from '../domain/ids.ts';
import { DAY, type Instant } from '../domain/instant.ts';
import type { ShadowItem } from '../domain/notices/first-hour-bodies.ts';
import { type Listed, listed } from '../domain/notices/listed.ts';
import { aboutRequest, type NoticeDraft } from '../domain/notices/notice.ts';
import type { Policy } from '../domain/policy.ts';
import { dueStandingMails } from '../domain/standing-mails.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import type { Held, ShadowTime, ShadowTimes } from './ports/shadow.ts';
import { inboxesOf } from './send-digests.ts';

export type LookOnDeps = Pick<Deps, 'store' | 'queue' | 'policy' | 'secret' | 'clock'>;

/** More than that nobody reads in one mail. */
const LISTED_MAX = 40;

/** Answers what a clock calls at each tick. */
export function looksOn(times: ShadowTimes): (deps: LookOnDeps) => Promise<void> {
  /** For which date a member's summary is written. */
  const told = new Map<MemberId, string>();
  /** What is so, as far as this process knows; null: not known yet. */
  let known: ShadowTime | 'none' | null = null;
  return async (deps) => {
    const policy = deps.policy();
    if (policy.shadow !== true) {
      if (known !== 'none') await endTime(deps, times);
      known = 'none';
      return;
    }
    known = known === null || known === 'none' ? await beginTime(times) : known;
    if (known === 'none') return;
    for (const { member, date, at } of dueStandingMails(policy, deps.clock.now(), ['digest'])) {
      // Nothing could have been held back before it began.
      if (told.get(member) === date || at < known.beganAt) continue;
      const since = Math.max(known.beganAt, at - DAY);
      await tell(
        deps,
        member,
        `shadow:${date}`,
        false,
        await times.heldSince(inboxesOf(policy, member), since),
      );
      told.set(member, date);
    }
  };
}

async function beginTime(times: ShadowTimes): Promise<ShadowTime | 'none'> {
  await times.begin();
  return (await times.running()) ?? 'none';
}

async function endTime(deps: LookOnDeps, times: ShadowTimes): Promise<void> {
  const running = await times.running();
  if (running === null) return;
  const policy = deps.policy();
  for (const member of finalManagers(policy)) {
    const inboxes = inboxesOf(policy, member);
    const items = await times.openSince(inboxes, running.beganAt);
    const counts = await times.heldSince(inboxes, running.beganAt);
    await tell(deps, member, `shadow-ended:${running.id}`, true, { ...counts, items });
  }
  // Last: after an interruption all of it is done again, and the same mails are not written twice.
  await times.end(running.id);
}

const finalManagers = (policy: Policy): readonly MemberId[] => [
  ...new Set([...policy.inboxes.values()].map(({ finalManager }) => finalManager)),
];

async function tell(
  deps: LookOnDeps,
  member: MemberId,
  key: string,
  ended: boolean,
  held: Held,
): Promise<void> {
  const inboxId = inboxesOf(deps.policy(), member)[0];
  if (inboxId === undefined) return;
  const items = held.items.slice(0, LISTED_MAX);
  const written = await deps.store.transact([], async (tx) => {
    const states = await tx.lockConversations(items.map(({ conversationId }) => conversationId));
    const shown = [...states.values()].filter(({ phase }) => phase !== 'done').map(listed);
    const drafts = [draftOf({ member, inboxId, key, ended, held, items, listed: shown })];
    return (await tx.write({ notices: noticesOf(deps, drafts, await tx.now()) })).notices;
  });
  await deps.queue.ring('deliver', written);
}

type Telling = {
  readonly member: MemberId;
  readonly inboxId: InboxId;
  readonly key: string;
  readonly ended: boolean;
  readonly held: Held;
  readonly items: readonly ShadowItem[];
  readonly listed: readonly Listed[];
};

const draftOf = ({ member, inboxId, key, ended, held, items, listed: shown }: Telling): NoticeDraft => ({
  dedupeKey: `${key}/member:${member}`,
  inboxId,
  ...aboutRequest(null),
  recipient: { type: 'member', member },
  body: {
    kind: 'shadow',
    ended,
    items,
    more: held.items.length - items.length,
    outside: held.outside,
    members: held.members,
    listed: shown,
  },
});

/** Since when, for whoever asks how Baton is; null: it works. */
export const lookingOnSince = async (times: Pick<ShadowTimes, 'running'>): Promise<Instant | null> =>
  (await times.running())?.beganAt ?? null;
