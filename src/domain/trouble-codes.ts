/** What the codes of failures at mail servers, providers and gateways say, in words: the one table of them. */

/** What the codes of IMAP and SMTP failures say, for somebody who never saw them. */
const CODES: Readonly<Record<string, readonly [reason: string, advice: string | null]>> = {
  'imap-login-refused': [
    'the mail server refuses the login.',
    'check user and password of the mailbox (many providers want an app password), and that IMAP is switched on for it.',
  ],
  'imap-no-such-folder': [
    'the folder does not exist.',
    'write the name of an existing folder under folders.inbox; the log of the poller lists them.',
  ],
  'imap-throttled': [
    'the mail server asks us to slow down.',
    'close other programs that read the same mailbox; Baton comes back by itself.',
  ],
  'imap-tls-failed': [
    'no safe connection can be made.',
    "check port, kind of TLS and the server's certificate.",
  ],
  'imap-unreachable': [
    'the mail server cannot be reached.',
    'see whether the mail server runs; check host and port, DNS and the firewall.',
  ],
  'imap-token-ended': ['the sign-in has ended, and another is asked for.', null],
  'oauth-not-connected': ['nobody has signed in for this mailbox yet.', null],
  'oauth-revoked': ['the sign-in was revoked, has run out, or the password was changed.', null],
  'oauth-key-changed': [
    'the sign-in was kept under another "secret" than the one in the configuration.',
    'put the old secret back, or run "npx baton connect ADDRESS".',
  ],
  'oauth-refused': [
    "the provider refuses Baton's client.",
    'check clientId, clientSecret or serviceAccount, tenant and permissions under oauth ("npx baton connect ADDRESS" says what the provider answers).',
  ],
  'oauth-unreachable': [
    'the provider that gives the tokens cannot be reached.',
    'see whether this machine reaches it by https: DNS, the firewall, a proxy.',
  ],
  'oauth-unavailable': [
    'the provider that gives the tokens asks us to come later.',
    'nothing: Baton asks again by itself.',
  ],
  'smtp-throttled': [
    'the mail server asks us to slow down.',
    'close other programs that send from the same mailbox; Baton comes back by itself.',
  ],
  'smtp-login-refused': ['the mail server refuses the login.', 'check user and password under smtp.'],
  'smtp-unreachable': [
    'the mail server cannot be reached.',
    'see whether the mail server runs; check host and port, DNS and the firewall.',
  ],
  'smtp-timeout': [
    'the mail server does not answer in time.',
    'see whether the mail server runs; check host, port and kind of TLS, and the firewall.',
  ],
  'smtp-dns': [
    "the mail server's name cannot be found.",
    'check host under smtp, and whether this machine can look up names (DNS).',
  ],
  'smtp-protocol': [
    'the mail server answers what nobody can read.',
    'check port and kind of TLS: perhaps something else than a mail server answers there.',
  ],
  'imap-refused': ['the mail server refuses what it is asked.', null],
  'imap-unreadable-answer': ['the mail server answers what nobody can read.', null],
  'oauth-no-database': ['the tokens are kept in the database, which does not answer.', null],
  'web-failed': [
    'the gateway does not take what it is sent.',
    'see whether the address under pages.url is right and the gateway runs; the log of the mailer has its answer.',
  ],
  'smtp-tls-failed': [
    'no safe connection can be made.',
    "check port, kind of TLS and the server's certificate.",
  ],
};

/** A whole sentence. */
export function reasonOf(code: string): string {
  const known = CODES[code]?.[0];
  if (known !== undefined) return known;
  return /^smtp-[45]\d\d$/.test(code) ? 'the mail server refuses what we send.' : 'it was tried, and failed.';
}

export const adviceOf = (code: string): string | null => CODES[code]?.[1] ?? null;

/** A reason within a line, with its code for whoever looks it up, and `server` where it is known which one it is about. */
export function reasonWithCode(code: string, server: string | null = null): string {
  const where = server === null ? '' : `, ${server}`;
  return `${reasonOf(code).replace(/\.$/, '')} (${code}${where})`;
}
