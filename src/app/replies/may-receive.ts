/** Whether a receipt goes out for what a member wrote or ordered. */
import type { Rate } from '../../domain/brakes.ts';
import { DAY, HOUR, type Instant } from '../../domain/instant.ts';
import { isOnlyThanks } from '../../domain/thanks.ts';
import type { Transaction } from '../ports/store.ts';
import type { ReplyWork } from './reply-work.ts';

/** For commands about one request, or about none, to one member: more than a person who clears a desk ever needs. */
const RECEIPTS_MAX: Rate = { hour: 60, day: 200 };
/** The same for what was no command. */
const NOT_UNDERSTOOD_MAX: Rate = { hour: 10, day: 30 };

/**
 * A command gets its receipt. But a robot behind a member's address may answer every receipt, no mark of which gives
 * it away, and some begin with "yes": beyond these its words are only kept, and so is mere thanks.
 */
export async function mayReceive(tx: Transaction, work: ReplyWork): Promise<boolean> {
  if (!work.understood && isCourtesy(work)) return false;
  const { hour, day } = work.understood ? RECEIPTS_MAX : NOT_UNDERSTOOD_MAX;
  const { reply, now } = work.given;
  const sentSince = (since: Instant) => tx.countNotices('receipt', reply.member, since, reply.conversationId);
  return (await sentSince(now - HOUR)) < hour && (await sentSince(now - DAY)) < day;
}

/** "Thanks" of whoever is asked nothing wants no answer; of whoever is asked, it may have meant yes. */
function isCourtesy({ given: { reply, words, before } }: ReplyWork): boolean {
  const isAsked = before?.offer?.to === reply.member || reply.token.purpose === 'cover';
  return !isAsked && isOnlyThanks(words.text, (reply.mail?.attachments.length ?? 0) > 0);
}
