/** A person with a mail program in the same mailbox: puts mail in, reads, flags, moves and deletes it. */
import { ImapFlow } from 'imapflow';
import { type Instant, toIso } from '../../../src/domain/instant.ts';

export type Human = {
  /** Answers the UID. */
  append(folder: string, raw: Uint8Array, receivedAt?: Instant): Promise<number>;
  flag(folder: string, uid: number, flags: readonly string[]): Promise<void>;
  move(folder: string, uid: number, to: string): Promise<void>;
  expunge(folder: string, uid: number): Promise<void>;
  flags(folder: string): Promise<ReadonlyMap<number, readonly string[]>>;
  uidNext(folder: string): Promise<number>;
  createFolder(name: string): Promise<void>;
};

export type Account = { readonly port: number; readonly user: string; readonly password: string };

/** A connection for each deed: servers are killed, stopped and renumbered between two of them. */
export function human(account: Account): Human {
  const inFolder = <T>(
    folder: string,
    readOnly: boolean,
    work: (client: ImapFlow) => Promise<T>,
  ): Promise<T> =>
    connected(account, async (client) => {
      await client.mailboxOpen(folder, { readOnly });
      return work(client);
    });
  return {
    append: (folder, raw, receivedAt) =>
      connected(account, async (client) => {
        const date = receivedAt === undefined ? undefined : new Date(toIso(receivedAt));
        const answer = await client.append(folder, Buffer.from(raw), [], date);
        return told(answer === false ? undefined : answer.uid, 'the UID of an appended mail');
      }),
    flag: (folder, uid, flags) =>
      inFolder(folder, false, async (client) => {
        told(await client.messageFlagsAdd(String(uid), [...flags], { uid: true }), 'that flags were set');
      }),
    move: (folder, uid, to) =>
      inFolder(folder, false, async (client) => {
        told(await client.messageMove(String(uid), to, { uid: true }), 'that a mail was moved');
      }),
    expunge: (folder, uid) =>
      inFolder(folder, false, async (client) => {
        told(await client.messageDelete(String(uid), { uid: true }), 'that a mail was deleted');
      }),
    flags: (folder) =>
      inFolder(folder, true, async (client) => {
        const rows = await client.fetchAll('1:*', { uid: true, flags: true }, { uid: true });
        return new Map(rows.map(({ uid, flags }) => [uid, [...(flags ?? [])]]));
      }),
    uidNext: (folder) =>
      inFolder(folder, true, async (client) => {
        return told(client.mailbox !== false && client.mailbox.uidNext, 'UIDNEXT');
      }),
    createFolder: (name) => connected(account, async (client) => void (await client.mailboxCreate(name))),
  };
}

async function connected<T>(account: Account, work: (client: ImapFlow) => Promise<T>): Promise<T> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: account.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: account.user, pass: account.password },
    logger: false,
    disableAutoIdle: true,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

/** imapflow answers false, or nothing, for what the server refused. */
function told<T>(answer: T | false | undefined, what: string): T {
  if (answer === false || answer === undefined) throw new Error(`the server did not say ${what}`);
  return answer;
}
