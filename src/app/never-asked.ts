/**
 * Whether a question that is withdrawn ever reached whoever was asked. While it waited for others of its kind it may have
 * been answered by somebody else: then "you need not answer" would tell of a question that its reader never saw.
 */
import type { ConversationEvent } from '../domain/conversation/events.ts';
import type { StoredNotice } from '../domain/notices/notice.ts';
import { conversationNoticeKey } from '../domain/notices/notice-key.ts';
import { noticeKey } from '../domain/reply-token.ts';
import type { Deps } from './deps.ts';
import type { NoticeProgress } from './ports/outbox.ts';
import type { StoredRequest } from './ports/store.ts';

export async function wasNeverAsked(
  { store, secret }: Pick<Deps, 'store' | 'secret'>,
  notice: StoredNotice,
  request: StoredRequest | null,
): Promise<boolean> {
  const { body, seq, conversationId, recipient } = notice;
  if (body.kind !== 'withdrawn' || request === null || conversationId === null || seq === null) return false;
  const keys = askedBy(request.events, seq).flatMap((at) =>
    Asks.map((kind) => noticeKey(secret, conversationNoticeKey(conversationId, at, kind, recipient))),
  );
  const questions = await store.readProgress(keys);
  return questions.length > 0 && !questions.some((one) => mayHaveGone(one, notice));
}

const Asks = ['offer', 'handoff', 'last-asked'] as const;
const Puts: readonly ConversationEvent['type'][] = ['offered', 'asked-again', 'reminded'];

/** The events that put the question which was open just before, at first and again. */
function askedBy(events: readonly ConversationEvent[], before: number): readonly number[] {
  const earlier = events.filter(({ seq }) => seq < before);
  const asked = earlier.slice(earlier.findLastIndex(({ type }) => type === 'offered'));
  return asked.filter(({ type }) => Puts.includes(type)).map(({ seq }) => seq);
}

/** What a mailer has in hand may be gone by now. A bundle that was made afterwards left the question out. */
function mayHaveGone({ state, attempts, settledAt }: NoticeProgress, { createdAt }: StoredNotice): boolean {
  if (attempts > 0 || state === 'sending') return true;
  return state === 'bundled' && settledAt !== null && settledAt <= createdAt;
}
