/**
 * Everybody's mailbox: what reached them over SMTP, and what was sent in their name. Kept in memory, like the mail server
 * that it comes from.
 */
import { parseInProcess } from '../../../adapters/mime/parse-mail.ts';
import type { PostedMail } from '../../../adapters/web/playground/context.ts';
import type { Address } from '../../../domain/message.ts';
import type { Sent, Stage } from '../stage.ts';
import type { Received } from '../world.ts';

export type Postbox = {
  /** Newest first. */
  readonly mailsOf: (address: string) => readonly (Letter & { readonly isRead: boolean })[];
  readonly received: (address: string, id: number) => Received | null;
  readonly markRead: (address: string, id: number) => void;
  readonly isRead: (id: number) => boolean;
  readonly unread: (address: string) => number;
  /** Looks for what was sent since; what was received is there at once. */
  readonly look: () => Promise<void>;
};

type Letter = Omit<PostedMail, 'answers' | 'html' | 'isRead'>;

/** What came in before `readUntil` has been read. */
export function openPostbox(
  { received, sent }: Pick<Stage, 'received' | 'sent'>,
  readUntil: number,
): Postbox {
  const outgoing: Letter[] = [];
  const read = new Set<number>();
  const isRead = (id: number): boolean => id < readUntil || read.has(id);
  const inOrder = (a: Letter, b: Letter) => b.at - a.at || b.id - a.id;
  const incoming = (address: string): Letter[] =>
    received.flatMap((one, index) => (one.to === address ? [letterOf(one, index)] : []));
  return {
    mailsOf: (address) =>
      [...incoming(address), ...outgoing.filter(({ from }) => from.address === address)]
        .sort(inOrder)
        .map((one) => ({ ...one, isRead: isRead(one.id) })),
    received: (address, id) => {
      const found = received[id];
      return found?.to === address ? found : null;
    },
    markRead(address, id) {
      if (received[id]?.to === address) read.add(id);
    },
    isRead,
    unread: (address) => incoming(address).filter(({ id }) => !isRead(id)).length,
    async look() {
      for (let next = sent[outgoing.length]; next !== undefined; next = sent[outgoing.length]) {
        outgoing.push(await sentLetter(next, outgoing.length));
      }
    },
  };
}

const NOBODY: Address = { name: '', address: '' };

function letterOf({ at, mail, to }: Received, id: number): Letter {
  return {
    id,
    direction: 'in',
    at,
    from: mail.from[0] ?? NOBODY,
    to: mail.to[0] ?? { name: '', address: to },
    subject: mail.subject,
    text: mail.text,
  };
}

/** Below zero, so that no mail that is received later has its number. */
async function sentLetter({ at, from, raw }: Sent, index: number): Promise<Letter> {
  const mail = await parseInProcess(raw);
  const { name = '' } = mail.from[0] ?? NOBODY;
  return {
    id: -1 - index,
    direction: 'out',
    at,
    from: { name, address: from },
    to: mail.to[0] ?? NOBODY,
    subject: mail.subject,
    text: mail.reply.text.trim() === '' ? mail.text : mail.reply.text,
  };
}
