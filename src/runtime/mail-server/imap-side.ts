/** The IMAP half: accounts with folders in memory, reachable on one loopback port. */
import { createServer, type Server as NetServer, type Socket } from 'node:net';
import hoodiecrow, { type Mailbox, type Server } from 'hoodiecrow-imap';
import { type Instant, toDate } from '../../domain/instant.ts';
import { accounts, idle, plainBodies } from './imap-plugins.ts';

export type Account = {
  readonly user: string;
  readonly password: string;
  readonly folders: readonly string[];
};

export type ImapSide = {
  readonly port: number;
  append(user: string, folder: string, raw: Uint8Array, internalDate: Instant): number;
  expunge(user: string, folder: string, uid: number): void;
  /** Renumbers the folder as a server does that lost its index; open sessions are told nothing. */
  setUidValidity(user: string, folder: string, value: number): void;
  /** Flags per UID, for tests that prove nothing was touched. */
  flags(user: string, folder: string): ReadonlyMap<number, readonly string[]>;
  /** Breaks every connection as a crash would. */
  dropConnections(): void;
  close(): Promise<void>;
};

export async function startImapSide(boxes: readonly Account[]): Promise<ImapSide> {
  const servers = new Map(
    boxes.map((box) => [box.user, { password: box.password, server: accountServer(box.folders) }] as const),
  );
  const front = hoodiecrow({ plugins: [idle, accounts(servers)], users: {} });
  front.setMaxListeners(0);
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    front.createClient(socket);
  });
  const port = await listenOnLoopback(listener);

  const open = (user: string, folder: string): { server: Server; mailbox: Mailbox } => {
    const server = servers.get(user)?.server;
    const mailbox = server?.getMailbox(folder);
    if (server === undefined || mailbox === undefined)
      throw new Error(`no folder "${folder}" of "${user}" here`);
    return { server, mailbox };
  };
  const dropConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    append(user, folder, raw, internalDate) {
      const { server, mailbox } = open(user, folder);
      const text = Buffer.from(raw).toString('latin1');
      return server.appendMessage(mailbox, [], imapDate(internalDate), text).message.uid;
    },
    expunge(user, folder, uid) {
      const { server, mailbox } = open(user, folder);
      const at = mailbox.messages.findIndex((message) => message.uid === uid);
      if (at === -1) throw new Error(`no mail with UID ${uid} in "${folder}" of "${user}"`);
      mailbox.messages.splice(at, 1);
      server.notify({ tag: '*', attributes: [at + 1, { type: 'ATOM', value: 'EXPUNGE' }] }, mailbox);
    },
    setUidValidity(user, folder, value) {
      const { mailbox } = open(user, folder);
      mailbox.uidvalidity = value;
      for (const [at, message] of mailbox.messages.entries()) message.uid = at + 1;
      mailbox.uidnext = mailbox.messages.length + 1;
    },
    flags: (user, folder) =>
      new Map(open(user, folder).mailbox.messages.map((message) => [message.uid, [...message.flags]])),
    dropConnections,
    async close() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      dropConnections();
      await closed;
    },
  };
}

function accountServer(folders: readonly string[]): Server {
  const others = folders.filter((folder) => folder.toUpperCase() !== 'INBOX');
  const server = hoodiecrow({
    plugins: [idle, plainBodies],
    storage: {
      INBOX: {},
      '': { separator: '/', folders: Object.fromEntries(others.map((folder) => [folder, {}])) },
    },
    users: {},
  });
  server.setMaxListeners(0);
  return server;
}

export async function listenOnLoopback(server: NetServer): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** RFC 3501 date-time in UTC, `05-Jan-2026 07:08:09 +0000`. */
function imapDate(at: Instant): string {
  const [, day, month, year, time] = / (\d\d) (\w{3}) (\d{4}) (\S+)/.exec(toDate(at).toUTCString()) ?? [];
  return `${day}-${month}-${year} ${time} +0000`;
}
