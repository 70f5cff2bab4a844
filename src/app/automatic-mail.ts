/** What counts of a mail that nobody wrote: to whom it goes, about what, and whether anything proves that they wrote to us. */
import { type AutomaticMail, isAutomatic, mailboxOf, type Saying } from '../domain/brakes.ts';
import type { StoredNotice } from '../domain/notices/notice.ts';
import type { MessageView } from '../domain/notices/view.ts';
import { pseudonym } from '../domain/reply-token.ts';
import { baseSubject } from '../domain/subject.ts';
import type { Deps } from './deps.ts';
import type { AttemptStart } from './ports/outbox.ts';
import type { StoredRequest } from './ports/store.ts';

/** null: it goes to a member, or a member wrote it. */
export function countedOf(
  { secret, policy }: Pick<Deps, 'secret' | 'policy'>,
  notice: StoredNotice,
  recipient: string,
  request: StoredRequest | null,
): AttemptStart['counted'] {
  if (!isAutomatic(notice)) return null;
  const confirms = notice.body.kind === 'acknowledgement';
  const mail: AutomaticMail = {
    id: notice.id,
    recipient: pseudonym(secret, 'mailbox', mailboxOf(recipient)),
    conversationId: notice.conversationId,
    proved: isProved(notice, request),
    answers: confirms ? answeredBy(secret, request) : null,
    tellsMore: !confirms && notice.recipient.type === 'customer',
  };
  return { mail, caps: policy().caps };
}

/** Members name who is in copy, whom they ask, and sometimes whose request it is. */
const isProved = ({ recipient }: StoredNotice, request: StoredRequest | null): boolean =>
  recipient.type === 'contact' ||
  request?.state.acknowledge === 'echo' ||
  (request?.events.some(({ type }) => type === 'customer-changed') ?? false);

/** The mail that an acknowledgement confirms, in words that compare. */
function answeredBy(secret: string, request: StoredRequest | null): Saying | null {
  const arrived = request?.events.find(({ type }) => type === 'arrived');
  const id = arrived?.type === 'arrived' ? arrived.messageId : null;
  const message = request?.messages.find((one) => one.id === id);
  if (message === undefined) return null;
  const words = wordsOf(message);
  // Nothing at all says nothing about being the same.
  if (words.trim() === '') return null;
  const form = words.replace(/\p{N}+/gu, '0');
  return { words: pseudonym(secret, 'words', words), form: pseudonym(secret, 'form', form) };
}

/** Files of another size are other files: who sends one photo after the other says more each time. */
function wordsOf({ subject, text, attachments }: MessageView): string {
  const files = attachments
    .filter(({ inline }) => !inline)
    .map(({ filename, size }) => `${filename} ${size}`);
  const parts = [baseSubject(subject), text, ...files];
  return parts.join('\n').normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ');
}
