/** What the lines of a digest are called when it is sent, and where those are answered that are no request. */
import { withTag } from '../domain/address.ts';
import type { Digest } from '../domain/digest/digest.ts';
import type { MessageId } from '../domain/ids.ts';
import type { StoredNotice } from '../domain/notices/notice.ts';
import type { LinesView } from '../domain/notices/view.ts';
import type { Policy } from '../domain/policy.ts';
import { replyToken } from '../domain/reply-token.ts';
import type { Deps } from './deps.ts';
import { parkedRights } from './new-notice.ts';

export async function linesOf(
  { store, secret }: Pick<Deps, 'store' | 'secret'>,
  { recipient }: Pick<StoredNotice, 'recipient'>,
  { items }: Digest,
  policy: Policy,
): Promise<LinesView> {
  const ids = items.flatMap((item) => (item.type === 'request' ? [item.id] : []));
  const mails = new Map<
    MessageId,
    LinesView['mails'] extends ReadonlyMap<MessageId, infer Line> ? Line : never
  >();
  for (const item of items) {
    const address = item.type === 'parked' ? policy.inboxes.get(item.inboxId)?.address : undefined;
    if (item.type !== 'parked' || address === undefined || recipient.type !== 'member') continue;
    const token = replyToken(secret, parkedRights(recipient.member, item.messageId));
    const message = await store.readMessage(item.messageId);
    mails.set(item.messageId, { message, answerTo: withTag(address, token) });
  }
  return { requests: await store.readTitles(ids), mails };
}
