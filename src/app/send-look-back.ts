/**
 * Has the final manager of an inbox mailed what a look back found there. Those who wait are kept as mail from before the
 * start, so that "take over" in answer can make requests of them; nobody outside is told anything.
 */
import { createHash } from 'node:crypto';
import type { LookBackId, MemberId, MessageId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { InboxLookBack, LookedAt } from '../domain/look-back/look-back.ts';
import { figuresOf } from '../domain/look-back/words.ts';
import { aboutRequest, type NoticeDraft } from '../domain/notices/notice.ts';
import { finalManagerAt } from '../domain/roster.ts';
import { type ClassifyDeps, classifyMessages } from './classify-message.ts';
import { currentPolicy } from './current-policy.ts';
import type { PastPlace } from './look-back.ts';
import { noticesOf } from './new-notice.ts';
import type { LookBackMail, LookBacks, NewLookBack } from './ports/look-backs.ts';
import type { PastMailbox, PastRaw } from './ports/past-mailbox.ts';

export type SendLookBackDeps = ClassifyDeps & { readonly lookBacks: LookBacks };

export type LookedBackAt = {
  readonly found: InboxLookBack;
  readonly days: number;
  readonly until: Instant;
  readonly places: ReadonlyMap<string, PastPlace>;
  readonly taken: NewLookBack['taken'];
  /** Of that inbox. */
  readonly mailbox: Pick<PastMailbox, 'fetchWhole'>;
};

export type SentLookBack = { readonly to: MemberId; readonly kept: number };

/** So many requests at most are taken over by one word. */
const TAKEN_OVER_MAX = 500;
/** So many stand in the notice; a mail tells of fewer. */
const TOLD_MAX = 40;

export async function sendLookBack(deps: SendLookBackDeps, looked: LookedBackAt): Promise<SentLookBack> {
  const { found, until, taken } = looked;
  const waiting = found.waiting.slice(0, TAKEN_OVER_MAX);
  const mails = await wholeMails(deps, looked, waiting);
  const kept = await deps.lookBacks.keep({ inboxId: found.inbox, until, taken, mails });
  // Read here and now, so that the mail can say who waits; whatever a running Baton has read first stays as it is.
  await classifyMessages(
    { ...deps, queue: { ...deps.queue, ring: async () => {} } },
    kept.messages.filter((id) => id !== null),
  );
  const first = new Map<number, MessageId>();
  for (const [at, { request }] of mails.entries()) {
    const id = kept.messages[at];
    if (id !== undefined && id !== null && !first.has(request)) first.set(request, id);
  }
  const to = await tell(deps, looked, kept.id, waiting, first);
  return { to, kept: first.size };
}

async function tell(
  deps: SendLookBackDeps,
  { found, days, until }: LookedBackAt,
  lookBack: LookBackId,
  waiting: readonly LookedAt[],
  first: ReadonlyMap<number, MessageId>,
): Promise<MemberId> {
  const told = waiting.flatMap(({ since }, at) => {
    const messageId = first.get(at + 1);
    return messageId === undefined || since === null ? [] : [{ messageId, since }];
  });
  const { to, notices } = await deps.store.transact([], async (tx) => {
    const now = await tx.now();
    const to = finalManagerAt(await currentPolicy(deps, tx), found.inbox, now);
    const draft: NoticeDraft = {
      dedupeKey: `look-back:${lookBack}/member:${to}`,
      inboxId: found.inbox,
      ...aboutRequest(null),
      recipient: { type: 'member', member: to },
      body: {
        kind: 'look-back',
        ...{ lookBack, days, until },
        figures: figuresOf(found),
        waiting: told.slice(0, TOLD_MAX),
      },
    };
    return { to, ...(await tx.write({ notices: noticesOf(deps, [draft], now) })) };
  });
  await deps.queue.ring('deliver', notices);
  return to;
}

/** Each of the mails that wait, whole; what was moved or deleted since then, or is too large, is left out. */
async function wholeMails(
  { limits }: Pick<SendLookBackDeps, 'limits'>,
  { places, mailbox }: LookedBackAt,
  waiting: readonly LookedAt[],
): Promise<LookBackMail[]> {
  const wanted = waiting.flatMap(({ open }, at) =>
    open.flatMap(({ place: name }) => {
      const place = places.get(name);
      return place === undefined ? [] : [{ place, request: at + 1 }];
    }),
  );
  const mails: LookBackMail[] = [];
  for (const [folder, all] of Map.groupBy(wanted, ({ place }) => place.folder.path)) {
    const uids = [...new Set(all.map(({ place }) => place.uid))];
    const raws = new Map(
      (await mailbox.fetchWhole(folder, uids, limits.messageBytesMax)).map((raw) => [raw.uid, raw]),
    );
    for (const { place, request } of all) {
      const raw = raws.get(place.uid);
      if (raw !== undefined) mails.push(mailOf(place, raw, request));
    }
  }
  return mails.sort((a, b) => a.request - b.request || a.receivedAt - b.receivedAt);
}

const mailOf = ({ folder, uidValidity }: PastPlace, raw: PastRaw, request: number): LookBackMail => ({
  folder: folder.path,
  uidValidity,
  uid: raw.uid,
  receivedAt: raw.receivedAt,
  size: raw.size,
  raw: raw.raw,
  rawHash: createHash('sha256').update(raw.raw).digest('hex'),
  request,
});
