/** Writes the welcome mail to members, in the name of their final manager: once to each, again only when asked to. */
import type { InboxId, MemberId, NoticeId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { aboutRequest, type NoticeDraft } from '../domain/notices/notice.ts';
import type { Policy } from '../domain/policy.ts';
import { noticeKey } from '../domain/reply-token.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';

export type WelcomeDeps = Pick<Deps, 'store' | 'policy' | 'secret' | 'clock'>;

export type Welcomed = {
  readonly member: MemberId;
  /** null: they had it before. */
  readonly notice: NoticeId | null;
  /** Of the notice, or of the one that they would have had. */
  readonly key: string;
};

/** Somebody who never answers is not helped by more of the same. */
const TIMES_MAX = 20;

export async function writeWelcomes(
  deps: WelcomeDeps,
  members: readonly MemberId[],
  again: boolean,
): Promise<readonly Welcomed[]> {
  const welcomed: Welcomed[] = [];
  for (const member of members) welcomed.push({ member, ...(await writeOne(deps, member, again)) });
  return welcomed;
}

async function writeOne(
  deps: WelcomeDeps,
  member: MemberId,
  again: boolean,
): Promise<Omit<Welcomed, 'member'>> {
  const policy = deps.policy();
  const before = await timesBefore(deps, policy, member);
  const draft = draftOf(policy, member, before);
  const key = noticeKey(deps.secret, draft.dedupeKey);
  if (before >= TIMES_MAX || (before > 0 && !again)) return { notice: null, key };
  const now: Instant = deps.clock.now();
  const { notices } = await deps.store.transact([], (tx) =>
    tx.write({ notices: noticesOf(deps, [draft], now) }),
  );
  return { notice: notices[0] ?? null, key };
}

async function timesBefore(
  { store, secret }: WelcomeDeps,
  policy: Policy,
  member: MemberId,
): Promise<number> {
  const keys = Array.from({ length: TIMES_MAX }, (_, times) =>
    noticeKey(secret, draftOf(policy, member, times).dedupeKey),
  );
  return (await store.readProgress(keys)).length;
}

function draftOf(policy: Policy, member: MemberId, again: number): NoticeDraft {
  const inboxId = inboxOf(policy, member);
  return {
    dedupeKey: `welcome:${again}/member:${member}`,
    inboxId,
    ...aboutRequest(null),
    recipient: { type: 'member', member },
    body: { kind: 'welcome', by: policy.inboxes.get(inboxId)?.finalManager ?? member, again },
  };
}

/** One that has a duty for them, or else the first: what counts there counts in each that asks for the same proof. */
function inboxOf(policy: Policy, member: MemberId): InboxId {
  const [first] = policy.inboxes.values();
  const own = [...policy.inboxes.values()].find(
    ({ finalManager, managers }) => finalManager === member || managers.includes(member),
  );
  const id = (own ?? first)?.id;
  if (id === undefined) throw new Error('a configuration has an inbox');
  return id;
}
