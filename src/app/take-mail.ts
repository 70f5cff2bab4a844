/** Fetches listed mails as they will be stored; of one that is too large, its header. One that was removed meanwhile is absent: gone, not empty. */
import { createHash } from 'node:crypto';
import type { Deps } from './deps.ts';
import type { ListedMail, MailboxSession } from './ports/mailbox-reader.ts';
import type { NewMessage } from './ports/store.ts';

export type TakeDeps = Pick<Deps, 'limits' | 'log'>;

export async function takeMails(
  deps: TakeDeps,
  session: MailboxSession,
  portion: readonly ListedMail[],
): Promise<NewMessage[]> {
  const whole = portion.filter((mail) => !isTooLarge(deps, mail));
  const fetched = await session.fetch(whole.map(({ uid }) => uid));
  const raws = new Map(fetched.map(({ uid, raw }) => [uid, raw]));
  const messages: NewMessage[] = [];
  for (const mail of portion) {
    const message = isTooLarge(deps, mail)
      ? await takeHeader(session, mail)
      : wholeMessage(mail, raws.get(mail.uid));
    if (message !== null) messages.push(message);
    else deps.log.info({ step: 'poll', uid: mail.uid }, 'a mail was removed before it could be taken in');
  }
  return messages;
}

/** null when it is gone. */
export async function takeHeader(session: MailboxSession, mail: ListedMail): Promise<NewMessage | null> {
  const header = await session.fetchHeaders(mail.uid);
  return header && partialMessage(mail, header.raw);
}

export const partialMessage = (
  { uid, size, internalDate }: ListedMail,
  raw: Uint8Array,
  notGiven: string | null = null,
): NewMessage => ({ uid, receivedAt: internalDate, size, raw, rawHash: null, notGiven });

export const isTooLarge = ({ limits }: Pick<TakeDeps, 'limits'>, { size }: ListedMail): boolean =>
  size > limits.messageBytesMax;

function wholeMessage(
  { uid, size, internalDate }: ListedMail,
  raw: Uint8Array | undefined,
): NewMessage | null {
  if (raw === undefined) return null;
  const rawHash = createHash('sha256').update(raw).digest('hex');
  return { uid, receivedAt: internalDate, size, raw, rawHash, notGiven: null };
}
