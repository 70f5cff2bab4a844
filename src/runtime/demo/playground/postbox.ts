/**
 * Everybody's mailbox: what reached them over SMTP, and what a visitor has sent in their name. Kept in memory, like the
 * mail server that it comes from.
 */
import type { PostedMail } from '../../../adapters/web/playground/context.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Address } from '../../../domain/message.ts';
import type { Received } from '../world.ts';

export type Postbox = {
  /** Newest first. */
  readonly mailsOf: (address: string) => readonly (Letterbox & { readonly isRead: boolean })[];
  readonly received: (address: string, id: number) => Received | null;
  readonly keep: (sent: Sent) => void;
  readonly markRead: (address: string, id: number) => void;
  readonly isRead: (id: number) => boolean;
  readonly unread: (address: string) => number;
};

type Letterbox = Omit<PostedMail, 'answers' | 'html' | 'isRead'>;

export type Sent = {
  readonly at: Instant;
  readonly from: Address;
  readonly to: Address;
  readonly subject: string;
  readonly text: string;
};

/** `received` grows as mail is delivered; what is in it when the box is opened has been read. */
export function openPostbox(received: readonly Received[]): Postbox {
  const sent: Letterbox[] = [];
  const read = new Set(received.keys());
  const inOrder = (a: Letterbox, b: Letterbox) => b.at - a.at || b.id - a.id;
  const incoming = (address: string): Letterbox[] =>
    received.flatMap((one, index) => (one.to === address ? [letterOf(one, index)] : []));
  return {
    mailsOf: (address) =>
      [...incoming(address), ...sent.filter(({ from }) => from.address === address)]
        .sort(inOrder)
        .map((one) => ({ ...one, isRead: one.direction === 'out' || read.has(one.id) })),
    received: (address, id) => {
      const found = received[id];
      return found?.to === address ? found : null;
    },
    // Below zero, so that no mail that is received later has its number.
    keep: (one) => void sent.push({ ...one, id: -1 - sent.length, direction: 'out' }),
    markRead(address, id) {
      if (received[id]?.to === address) read.add(id);
    },
    isRead: (id) => read.has(id),
    unread: (address) => incoming(address).filter(({ id }) => !read.has(id)).length,
  };
}

function letterOf({ at, mail, to }: Received, id: number): Letterbox {
  const from = mail.from[0] ?? { name: '', address: '' };
  return {
    id,
    direction: 'in',
    at,
    from,
    to: mail.to[0] ?? { name: '', address: to },
    subject: mail.subject,
    text: mail.text,
  };
}
