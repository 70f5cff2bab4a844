/**
 * A mail about no request has nothing else that watches over it. When it reaches nobody, what it waited for goes on
 * here: a parked message is put to the next person, who cannot be asked to stand in has not agreed to, and what stood
 * in a bundle is lost as if each had gone out by itself. Whoever can mend an address that is dead hears of it.
 */
import { isDeepStrictEqual } from 'node:util';
import { answerCover } from '../domain/absences.ts';
import { decide } from '../domain/conversation/decide.ts';
import type { UnreachableWhy } from '../domain/conversation/events.ts';
import type { MessageId } from '../domain/ids.ts';
import type { DeliveryFailure } from '../domain/lost-mail.ts';
import type { NoticeDraft, Recipient, StoredNotice } from '../domain/notices/notice.ts';
import { coverAnswered } from './absence-notices.ts';
import { currentPolicy } from './current-policy.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import { passOnParked } from './pass-on-parked.ts';
import type { Change, ConversationChange, NewNotice, Transaction } from './ports/store.ts';
import { memberUnreached, notTold } from './returned-mail.ts';

export const isWaitedFor = ({ body }: StoredNotice): boolean =>
  body.kind === 'parked' || body.kind === 'cover-asked' || body.kind === 'bundle';

export type Loss = {
  readonly why: UnreachableWhy;
  /** What the report, or our own server, says. */
  readonly failure: DeliveryFailure | null;
  /** The report, if there is one. */
  readonly messageId: MessageId | null;
};

type Followed = Pick<Change, 'conversations' | 'absences' | 'parked' | 'notices'>;

/** What has to be written for it. */
export async function afterLoss(
  deps: Pick<Deps, 'policy' | 'secret'>,
  tx: Transaction,
  lost: StoredNotice,
  loss: Loss,
): Promise<Followed> {
  const { body, recipient, inboxId, id } = lost;
  const { failure } = loss;
  if (body.kind === 'bundle') return afterLossOfMany(deps, tx, body.notices, loss);
  const passedOn = await passOnParked(deps, tx, lost);
  const now = await tx.now();
  const policy = await currentPolicy(deps, tx);
  const unreached = memberUnreached(policy, inboxId, recipient, failure, now);
  if (body.kind !== 'cover-asked' || recipient.type !== 'member') {
    // Who is put the parked message in the place of whoever was not reached reads there why.
    const news = unreached.filter(({ recipient: reader }) => !isToldIn(passedOn.notices, reader));
    return { parked: passedOn.parked, notices: [...passedOn.notices, ...noticesOf(deps, news, now)] };
  }
  const absence = (await tx.lockAbsences()).find((one) => one.id === body.absence);
  // Whoever has said yes meanwhile has read it somewhere.
  const declined = absence?.cover?.answer === 'asked' ? answerCover(absence, recipient.member, false) : null;
  if (declined === null) return { notices: noticesOf(deps, unreached, now) };
  const drafts = coverAnswered({ inboxId, key: `lost:${id}` }, recipient.member, declined);
  return { absences: [declined], notices: noticesOf(deps, [...unreached, ...drafts], now) };
}

const isToldIn = (notices: readonly NewNotice[], reader: Recipient): boolean =>
  notices.some(({ draft }) => isDeepStrictEqual(draft.recipient, reader));

async function afterLossOfMany(
  deps: Pick<Deps, 'policy' | 'secret'>,
  tx: Transaction,
  keys: readonly string[],
  loss: Loss,
): Promise<Followed> {
  const lost = (await tx.findNotices(keys)).map(({ notice }) => notice);
  const loose = looseAmong(lost, loss);
  const rest: Followed[] = [];
  // In the order of locks: messages, conversations, absences.
  for (const notice of loose)
    if (notice.body.kind !== 'cover-asked') rest.push(await afterLoss(deps, tx, notice, loss));
  const about = lost.flatMap(({ conversationId }) => (conversationId === null ? [] : [conversationId]));
  const states = await tx.lockConversations([...new Set(about)]);
  const now = await tx.now();
  const policy = await currentPolicy(deps, tx);
  const conversations: ConversationChange[] = [];
  const drafts: NoticeDraft[] = [];
  for (const [id, before] of states) {
    let change: ConversationChange = { before, after: before, events: [] };
    for (const { recipient, body, seq } of lost.filter(({ conversationId }) => conversationId === id)) {
      const happening = {
        type: 'not-reached',
        recipient,
        lost: body.kind,
        seq: seq ?? 0,
        help: null,
      } as const;
      const { state, events, notices } = decide(change.after, { ...happening, ...loss }, now, policy);
      change = { before, after: state, events: [...change.events, ...events] };
      drafts.push(...notices);
    }
    conversations.push(change);
  }
  const unreached = lost.flatMap(({ inboxId, recipient }) =>
    memberUnreached(policy, inboxId, recipient, loss.failure, now),
  );
  for (const notice of loose)
    if (notice.body.kind === 'cover-asked') rest.push(await afterLoss(deps, tx, notice, loss));
  const notices = [
    ...noticesOf(deps, [...drafts, ...notTold(unreached, drafts)], now),
    ...rest.flatMap((one) => one.notices ?? []),
  ];
  return {
    conversations,
    absences: rest.flatMap(({ absences }) => absences ?? []),
    parked: rest.flatMap(({ parked }) => parked ?? []),
    notices: [...new Map(notices.map((notice) => [notice.draft.dedupeKey, notice])).values()],
  };
}

/**
 * What waits for one thing goes on once, however often its reader was told of it in one bundle. Of whoever is only out
 * of office, a question to stand in goes on, and what could not be read waits for them.
 */
function looseAmong(lost: readonly StoredNotice[], { why }: Loss): readonly StoredNotice[] {
  const loose = lost.filter(
    ({ conversationId, body }) =>
      conversationId === null && (why !== 'auto-reply' || body.kind === 'cover-asked'),
  );
  return [...new Map(loose.map((notice) => [waitsFor(notice), notice])).values()];
}

function waitsFor({ id, body }: StoredNotice): string {
  if (body.kind === 'parked') return `parked:${body.messageId}`;
  return body.kind === 'cover-asked' ? `cover:${body.absence}` : `notice:${id}`;
}
