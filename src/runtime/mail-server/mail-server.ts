/**
 * A mail server inside this process, for the demo and for tests: IMAP and SMTP on free loopback ports, everything in
 * memory. Mail to a hosted address, plus-tags included, lands in that account's INBOX and idling clients are told at
 * once; mail to anybody else goes to `onMail`.
 */
import { fromMs, type Instant } from '../../domain/instant.ts';
import { type Account, startImapSide } from './imap-side.ts';
import { type Envelope, startSmtpSide } from './smtp-side.ts';

export type MailServerOptions = {
  /** `user` is the address and the login name in one. */
  readonly mailboxes: readonly Account[];
  /** Mail for addresses that are not hosted here. What it throws is answered to the sender as a refusal for now. */
  readonly onMail: (envelope: Envelope, raw: Uint8Array) => void | Promise<void>;
  /** Dates arriving mail; the demo's clock runs faster than the real one. */
  readonly now?: () => Instant;
};

export type MailServer = {
  readonly imapPort: number;
  readonly smtpPort: number;
  /** Puts a mail into a folder as it is and answers its UID. */
  append(user: string, folder: string, raw: Uint8Array, internalDate?: Instant): number;
  expunge(user: string, folder: string, uid: number): void;
  /** A server that lost its index: new UIDVALIDITY, UIDs counted anew, open sessions told nothing. */
  setUidValidity(user: string, folder: string, value: number): void;
  /** Flags per UID. */
  flags(user: string, folder: string): ReadonlyMap<number, readonly string[]>;
  /** Breaks every open IMAP connection. */
  dropImapConnections(): void;
  close(): Promise<void>;
};

export async function startMailServer(options: MailServerOptions): Promise<MailServer> {
  const now = options.now ?? (() => fromMs(Date.now()));
  const imap = await startImapSide(options.mailboxes);
  const users = new Map(options.mailboxes.map((box) => [box.user.toLowerCase(), box]));
  const smtp = await startSmtpSide({
    accountOf: (address) => users.get(withoutTag(address))?.user ?? null,
    isPassword: (user, password) => users.get(user.toLowerCase())?.password === password,
    keep: (account, address, from, raw) => imap.append(account, 'INBOX', stamped(address, from, raw), now()),
    handOn: options.onMail,
  });
  return {
    imapPort: imap.port,
    smtpPort: smtp.port,
    append: (user, folder, raw, internalDate = now()) => imap.append(user, folder, raw, internalDate),
    expunge: imap.expunge,
    setUidValidity: imap.setUidValidity,
    flags: imap.flags,
    dropImapConnections: imap.dropConnections,
    close: async () => {
      await Promise.all([imap.close(), smtp.close()]);
    },
  };
}

/** `Office+token@Acme.example` is delivered as `office@acme.example`. */
function withoutTag(address: string): string {
  const [local = '', domain = ''] = address.toLowerCase().split('@');
  return `${local.split('+', 1)[0]}@${domain}`;
}

/** What a delivering server writes on top (RFC 5321 section 4.4): the envelope, which is in no other header. */
function stamped(address: string, from: string, raw: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`Return-Path: <${from}>\r\nDelivered-To: ${address}\r\n`), raw]);
}
