/**
 * The mail servers of an inbox. What `provider` tells of them need not be written, and what is written wins; whatever is
 * missing after that is told by login-faults.ts, since only the whole inbox shows it.
 */
import * as z from 'zod';
import { type Provider, ProviderIds, Providers } from '../domain/providers.ts';
import { FROM_OUTSIDE, host, port, secretValue, text, tls, tlsKind } from './fields.ts';

const imapPorts = { implicit: 993, starttls: 143, none: 143 } as const;
const smtpPorts = { implicit: 465, starttls: 587, none: 25 } as const;

const imapPort = port('A port number from 1 to 65535. Default: 993, or 143 unless tls is implicit.');
const smtpPort = port('A port number from 1 to 65535. Default: 465, or 587 with starttls, or 25 with none.');
const password = secretValue.describe(`The password: ${FROM_OUTSIDE}.`);

/** A server that belongs to no inbox. */
export const smtp = z
  .strictObject({
    host,
    port: smtpPort,
    tls,
    user: text
      .optional()
      .describe('The login name. Leave user and password out for a server that asks for none.'),
    password: password.optional(),
  })
  .transform((server) => ({ ...server, port: server.port ?? smtpPorts[server.tls] }))
  .describe('The server that sends: host, and where needed port, tls, user and password.');

const imapOfInbox = z
  .strictObject({
    host: host.optional(),
    port: imapPort,
    tls: tlsKind.optional(),
    user: text.optional().describe('The login name, often the address itself.'),
    password: password.optional(),
  })
  .optional()
  .describe('The mailbox: host, user and password, and where they differ from the usual port and tls.');

const smtpOfInbox = z
  .strictObject({
    host: host.optional(),
    port: smtpPort,
    tls: tlsKind.optional(),
    user: text
      .optional()
      .describe('The login name. Leave user and password out for a server that asks for none.'),
    password: password.optional(),
  })
  .optional()
  .describe('The server that sends: host, and where needed port, tls, user and password.');

const provider = z
  .enum(ProviderIds)
  .optional()
  .describe(
    'Whose mailbox it is: gmail, microsoft365, fastmail or imap. It tells servers and folders, and the address is the login name; what is written wins.',
  );

export const serversOfInbox = { provider, imap: imapOfInbox, smtp: smtpOfInbox };

type Written = {
  readonly address: string;
  readonly oauth?: string | undefined;
  readonly provider?: z.output<typeof provider>;
  readonly imap?: z.output<typeof imapOfInbox>;
  readonly smtp?: z.output<typeof smtpOfInbox>;
  readonly folders: Folders;
};

export type ImapServer = {
  readonly host: string;
  readonly port: number;
  readonly tls: z.output<typeof tls>;
  readonly user: string;
  readonly password?: string | undefined;
  /** The client whose tokens log in, where no password does. */
  readonly oauth?: string | undefined;
};

export type SmtpServer = Omit<ImapServer, 'user'> & { readonly user?: string | undefined };

type Folders = {
  readonly inbox: string;
  readonly sent?: string[] | undefined;
  readonly junk?: string | undefined;
};

type WithServers<Inbox extends Written> = Omit<Inbox, 'imap' | 'smtp' | 'folders'> & {
  readonly imap: ImapServer;
  readonly smtp: SmtpServer;
  readonly folders: Folders & { readonly sent: string[] };
};

const SENT = ['Sent'];

export function withServers<Inbox extends Written>(inbox: Inbox): WithServers<Inbox> {
  const preset = inbox.provider === undefined ? null : Providers[inbox.provider];
  const sent = [...(inbox.folders.sent ?? preset?.sent ?? SENT)];
  const { imap: _, smtp: __, folders, ...rest } = inbox;
  return {
    ...rest,
    folders: { ...folders, sent },
    imap: imapServer(inbox, preset),
    smtp: smtpServer(inbox, preset),
  };
}

function imapServer({ address, oauth, imap = {} }: Written, preset: Provider | null): ImapServer {
  const kind = imap.tls ?? (imap.host === undefined ? preset?.imap.tls : undefined) ?? 'implicit';
  return {
    host: imap.host ?? preset?.imap.host ?? '',
    port: imap.port ?? imapPorts[kind],
    tls: kind,
    user: imap.user ?? address,
    ...loginOf(imap.password, oauth),
  };
}

function smtpServer({ address, oauth, smtp = {} }: Written, preset: Provider | null): SmtpServer {
  const isOwn = smtp.host !== undefined;
  const kind = smtp.tls ?? (isOwn ? undefined : preset?.smtp.tls) ?? 'implicit';
  const user = smtp.user ?? (isOwn ? undefined : address);
  return {
    host: smtp.host ?? preset?.smtp.host ?? '',
    port: smtp.port ?? smtpPorts[kind],
    tls: kind,
    // A relay that is named without a user asks for no login, whatever the mailbox asks for.
    ...(user === undefined ? {} : { user, ...loginOf(smtp.password, oauth) }),
  };
}

const loginOf = (given: string | undefined, oauth: string | undefined) =>
  given !== undefined ? { password: given } : oauth !== undefined ? { oauth } : {};
