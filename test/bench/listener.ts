/** An IMAP client of its own that sits in IDLE beside Baton's: when did the server announce the n-th mail? */
import { ImapFlow } from 'imapflow';
import { PASSWORD } from '../support/stack/dovecot.ts';

export type Listener = {
  /** The instant at which the mailbox was first said to hold so many mails, in milliseconds; null: not yet. */
  announcedAt(count: number): number | null;
  close(): Promise<void>;
};

export async function listenTo(port: number, user: string): Promise<Listener> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: PASSWORD },
    logger: false,
  });
  client.on('error', () => {});
  const heard: { count: number; atMs: number }[] = [];
  client.on('exists', ({ count }: { count: number }) =>
    heard.push({ count, atMs: performance.timeOrigin + performance.now() }),
  );
  await client.connect();
  await client.mailboxOpen('INBOX', { readOnly: true });
  void client.idle().catch(() => {});
  return {
    announcedAt: (count) => heard.find((one) => one.count >= count)?.atMs ?? null,
    close: async () => client.close(),
  };
}
