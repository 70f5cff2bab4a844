/**
 * What is known of the providers that most shared inboxes live at: their servers, how one logs in, and what of them
 * surprises. Facts of others, so an inbox may say each otherwise; a round trip is what proves them.
 */

export type ProviderServer = {
  /** null: everybody has their own. */
  readonly host: string | null;
  readonly port: number;
  readonly tls: 'implicit' | 'starttls';
};

export type Provider = {
  readonly id: ProviderId;
  readonly name: string;
  readonly imap: ProviderServer;
  readonly smtp: ProviderServer;
  /** How one may log in, what is best first. */
  readonly login: readonly ('oauth' | 'app-password' | 'password')[];
  /** What the names of its mail exchangers end in, in lower case; on a label's border. */
  readonly mx: readonly string[];
  /** The folders that sent mail is kept in, as accounts in English name them. */
  readonly sent: readonly string[];
  /** Whether the server keeps in them what goes out by SMTP. */
  readonly keepsSentCopy: boolean;
  /** Whether mail to office+mark@… reaches office@…. */
  readonly plusAddresses: 'yes' | 'no' | 'must be switched on';
  /** Whose Authentication-Results count; null: it writes no id, or a different one from each of its servers. */
  readonly authservId: string | null;
  readonly hints: readonly string[];
};

export const ProviderIds = ['gmail', 'microsoft365', 'fastmail', 'imap'] as const;
export type ProviderId = (typeof ProviderIds)[number];

export const Providers: Readonly<Record<ProviderId, Provider>> = {
  gmail: {
    id: 'gmail',
    name: 'Gmail and Google Workspace',
    imap: { host: 'imap.gmail.com', port: 993, tls: 'implicit' },
    smtp: { host: 'smtp.gmail.com', port: 465, tls: 'implicit' },
    login: ['oauth', 'app-password'],
    mx: ['google.com', 'googlemail.com'],
    sent: ['[Gmail]/Sent Mail'],
    keepsSentCopy: true,
    plusAddresses: 'yes',
    authservId: 'mx.google.com',
    hints: [
      'A Google Group is no mailbox: it has neither IMAP nor SMTP. Give the address to an account of its own.',
      'An account in another language names the folder otherwise, such as [Gmail]/Gesendet.',
      'App passwords need 2-Step Verification on the account, and an administrator may have forbidden them.',
      'A refresh token of an OAuth app in the publishing status "Testing" ends after 7 days.',
    ],
  },
  microsoft365: {
    id: 'microsoft365',
    name: 'Microsoft 365',
    imap: { host: 'outlook.office365.com', port: 993, tls: 'implicit' },
    smtp: { host: 'smtp.office365.com', port: 587, tls: 'starttls' },
    // Exchange Online refuses passwords for IMAP since 2022, app passwords with them.
    login: ['oauth'],
    mx: ['mail.protection.outlook.com', 'mx.microsoft'],
    sent: ['Sent Items'],
    keepsSentCopy: true,
    plusAddresses: 'yes',
    // Its Authentication-Results begin with the first result.
    authservId: null,
    hints: [
      'SMTP AUTH must be on for the user that sends: Set-CASMailbox office@example.com -SmtpClientAuthenticationDisabled $false',
      'A shared mailbox without a licence has no SMTP login: read with its address as the user, send as a licensed user who has Send As.',
      'Answers that people send as a shared mailbox are kept there only after: Set-Mailbox office@example.com -MessageCopyForSentAsEnabled $true',
      'Plus addresses are on unless the organization switched them off: Set-OrganizationConfig -DisablePlusAddressInRecipients $false',
      'A Microsoft 365 group and a distribution list are no mailboxes: they have neither IMAP nor SMTP.',
    ],
  },
  fastmail: {
    id: 'fastmail',
    name: 'Fastmail',
    imap: { host: 'imap.fastmail.com', port: 993, tls: 'implicit' },
    smtp: { host: 'smtp.fastmail.com', port: 465, tls: 'implicit' },
    login: ['app-password'],
    mx: ['messagingengine.com'],
    sent: ['Sent'],
    keepsSentCopy: false,
    plusAddresses: 'yes',
    authservId: null,
    hints: [
      "The account's own password is refused: make an app password with access to mail, for IMAP and SMTP.",
    ],
  },
  imap: {
    id: 'imap',
    name: 'any IMAP server',
    imap: { host: null, port: 993, tls: 'implicit' },
    smtp: { host: null, port: 465, tls: 'implicit' },
    login: ['password'],
    mx: [],
    sent: ['Sent'],
    keepsSentCopy: false,
    plusAddresses: 'must be switched on',
    authservId: null,
    hints: ['Postfix takes plus addresses with: postconf recipient_delimiter=+'],
  },
};

/** Which of them takes a domain's mail in; null: none that is known, so nothing of it is. */
export function providerByMx(mxHosts: readonly string[]): Provider | null {
  const hosts = mxHosts.map((host) => host.toLowerCase().replace(/\.$/, ''));
  const isOf = ({ mx }: Provider) =>
    hosts.some((host) => mx.some((ending) => host === ending || host.endsWith(`.${ending}`)));
  return Object.values(Providers).find(isOf) ?? null;
}
