/**
 * Why a server did not let us in, in words for whoever set it up. What providers refuse looks alike on the wire, so the
 * provider and the server's own words decide which fix is the likely one.
 */
import type { Provider } from '../providers.ts';
import { type Check, fine, problem } from './check.ts';

export type Refusal = { readonly code: string; readonly said: string };

/** `refusal` null: the login worked. */
export function imapLoginCheck(refusal: Refusal | null, account: Account, id: string | null): Check {
  const found = { id: 'imap-login', inbox: id };
  if (refusal === null) return fine(found, `${account.user} at ${account.host}`);
  return problem(
    found,
    refusal.said,
    'No mail of this inbox is read.',
    fixOf(refusal, account, imapRefused(refusal, account)),
  );
}

export function smtpLoginCheck(refusal: Refusal | null, account: Account, id: string | null): Check {
  const found = { id: 'smtp-login', inbox: id };
  if (refusal === null)
    return fine(found, `${account.user ?? 'nobody (none is asked for)'} at ${account.host}`);
  return problem(
    found,
    `${account.host}: ${refusal.code === 'smtp-tls-failed' ? 'no safe connection can be made. Detail: ' : ''}${refusal.said}`,
    'No mail of this inbox goes out: nobody is asked, and no customer is told anything.',
    fixOf(refusal, account, smtpRefused(refusal, account)),
  );
}

export type Account = {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly address: string;
  readonly provider: Provider | null;
};

function fixOf({ code, said }: Refusal, { host, port }: Account, refused: string): string {
  if (code.endsWith('login-refused')) return refused;
  if (code.startsWith('oauth-'))
    return 'Somebody signs in at the provider: "npx baton connect INBOX", see config/guides.';
  if (code.endsWith('tls-failed'))
    return `Compare port and kind of TLS with what the provider says: 993 and 465 are encrypted from the start, 143 and 587 by starttls; a server without TLS is "none". "openssl s_client -connect ${host}:${port}" shows the certificate.`;
  if (code.endsWith('throttled'))
    return 'Wait some minutes, and close other programs that are logged in to this mailbox.';
  if (/\b(?:ENOTFOUND|ENODATA)\b/.test(said))
    return `There is no server of that name. Compare "${host}" letter by letter with what the provider says; "nslookup ${host}" shows whether a name server knows it.`;
  if (code.endsWith('-dns') || /\bEAI_AGAIN\b/.test(said))
    return `No name server could say where "${host}" is. See whether this machine has a network, and whether "nslookup ${host}" gets an answer.`;
  return `See whether this machine reaches it: "nc -vz ${host} ${port}". Many hosters close port 25, some 465 and 587 too.`;
}

function imapRefused(_: Refusal, { address, provider, user }: Account): string {
  switch (provider?.id) {
    case 'gmail':
      return (
        `Google takes an app password here, not the account's own: https://myaccount.google.com/apppasswords as ${user ?? address} ` +
        `(2-Step Verification must be on). If ${address} is a Google Group, it is no mailbox: give the address to an account of its own, or have the group deliver to one.`
      );
    case 'microsoft365':
      return (
        'Microsoft 365 refuses passwords for IMAP: sign in by OAuth instead, see config/guides. ' +
        `IMAP must be on for the mailbox: Set-CASMailbox ${address} -ImapEnabled $true`
      );
    case 'fastmail':
      return "Fastmail refuses the account's own password: make an app password for IMAP and SMTP at https://app.fastmail.com/settings/security.";
    default:
      return `Check user and password: some servers want "${address}" as the user, others "${address.split('@', 1)[0]}". IMAP must be switched on for the account.`;
  }
}

/** 5.7.139 and 5.7.3 at 535 are Exchange's words for an account that may not log in to send; 5.7.60 for a missing Send As. */
function smtpRefused({ said }: Refusal, { address, provider, user }: Account): string {
  if (
    provider?.id === 'microsoft365' ||
    /outlook|office365/i.test(said) ||
    /5\.7\.(?:3|57|60|139)\b/.test(said)
  )
    return (
      `Switch SMTP AUTH on for the user that sends: Set-CASMailbox ${user ?? address} -SmtpClientAuthenticationDisabled $false. ` +
      `If ${address} is a shared mailbox without a licence, it has no login of its own: send as a licensed user who may send as it (Add-RecipientPermission ${address} -Trustee USER@${domain(address)} -AccessRights SendAs).`
    );
  if (provider?.id === 'gmail')
    return `Use the same app password as for IMAP. A Google Group cannot send: ${address} needs an account of its own.`;
  if (provider?.id === 'fastmail') return 'The app password must allow SMTP as well as IMAP.';
  return 'Check smtp.user and smtp.password: they may differ from those of IMAP.';
}

const domain = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
