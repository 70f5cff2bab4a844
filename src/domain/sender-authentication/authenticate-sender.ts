/**
 * Whether a mail is proved to be from the one address that its From names, by what the inbox has chosen to believe.
 *
 * Pure: header and policy in, a result with its reason out. What has to be asked of DNS is left to an own check
 * (`senderQuestion`), whose answer takes the place of this one.
 */
import { asciiLower, domainOf, sameAddress } from '../address.ts';
import { type Header, headerValues } from '../message.ts';
import {
  AMBIGUOUS,
  type Anchor,
  type Authentication,
  type MailServerAuthentication,
  outcome,
  type SenderAuthentication,
  type SenderQuestion,
} from './authentication.ts';
import {
  type AuthenticationResults,
  type MethodResult,
  parseAuthenticationResults,
  valuesOf,
} from './authentication-results.ts';
import { authorOf } from './author.ts';
import { type TrustedBlock, trustedBlock } from './received.ts';

export type RawMail = { readonly headers: readonly Header[]; readonly warnings: readonly string[] };

/**
 * `addressesOf` answers all addresses of whoever has this one, itself included: a login with another address of the
 * same member is as good.
 */
export function authenticateSender(
  mail: RawMail,
  authentication: Authentication,
  addressesOf: (address: string) => readonly string[],
): SenderAuthentication {
  const author = authorOf(mail.headers, mail.warnings);
  if ('doubt' in author) return outcome('none', 'raw-header', AMBIGUOUS, `the mail ${author.doubt}`);
  switch (authentication.mode) {
    case 'token-and-sender-only':
      return outcome('none', 'not-asked-for', 'not-asked-for', 'this inbox asks for no proof of the sender');
    case 'own-check':
      return outcome('unknown', 'own-check', 'not-checked', 'the signatures were not checked');
    case 'mail-server':
      return byMailServer(mail.headers, authentication, author.address, addressesOf(author.address));
    default:
      return authentication satisfies never;
  }
}

/** What an own check has to find out; null: this inbox rests on none, or there is nobody to ask about. */
export function senderQuestion(mail: RawMail, authentication: Authentication): SenderQuestion | null {
  if (authentication.mode !== 'own-check') return null;
  const author = authorOf(mail.headers, mail.warnings);
  if ('doubt' in author) return null;
  const { above, border, certain } = trustedBlock(mail.headers, authentication.trustedHosts);
  // SPF answers for an address: one out of a line that a stranger may have written would let them choose it.
  const from = certain ? (border?.from ?? null) : null;
  const noted = headerValues({ headers: above }, 'return-path')[0];
  return {
    from: author.address,
    client: from === null || from.ip === null ? null : { ip: from.ip, helo: from.helo },
    mailFrom: noted === undefined ? null : (/^<([^<>\s]{0,254})>$/.exec(noted.trim())?.[1] ?? null),
  };
}

function byMailServer(
  headers: readonly Header[],
  authentication: MailServerAuthentication,
  author: string,
  addresses: readonly string[],
): SenderAuthentication {
  const block = trustedBlock(headers, authentication.trustedHosts);
  if (block.border === null)
    return outcome(
      'none',
      'raw-header',
      'no-trusted-hop',
      'no server of ours says that it received the mail',
    );
  if (authentication.insideTenant && isInsideTenant(headers, block))
    return outcome('pass', 'inside-tenant', 'inside-tenant', 'the mail was sent inside our own organisation');
  const { results } = authentication;
  if (results === null)
    return outcome('none', 'raw-header', 'no-results', 'nothing that our server wrote speaks for the sender');
  const by: Anchor = results.type === 'id' ? 'authserv-id' : 'results-without-id';
  const ours = ownResults(block, results);
  if (ours === null) return outcome('none', by, 'no-results', 'our server wrote no result about the sender');
  if (authentication.ownLogin && isOwnLogin(ours, addresses))
    return outcome(
      'pass',
      'own-login',
      'own-login',
      'the sender logged in to our server with an address of theirs',
    );
  return judge(ours, by, asciiLower(domainOf(author)));
}

/**
 * Exchange marks what was sent inside the organisation and removes the mark from whatever comes from outside. It
 * stands at the end of the header, so that all hops must be ours.
 */
function isInsideTenant(headers: readonly Header[], { allOurs }: TrustedBlock): boolean {
  const marks = headerValues({ headers }, 'x-ms-exchange-organization-authas');
  return allOurs && marks.length === 1 && asciiLower(marks[0]?.trim() ?? '') === 'internal';
}

/**
 * The topmost field that our server wrote. One that cannot be read is the topmost all the same: to look further
 * down would let a stranger's field take its place.
 */
function ownResults(
  { above, below }: TrustedBlock,
  wanted: NonNullable<MailServerAuthentication['results']>,
): AuthenticationResults | null {
  const fields = wanted.type === 'id' && wanted.belowReceived ? [...above, ...below] : above;
  for (const value of headerValues({ headers: fields }, 'authentication-results')) {
    const parsed = parseAuthenticationResults(value);
    if (parsed === null) return null;
    const isOwn =
      wanted.type === 'id' ? parsed.authservId === asciiLower(wanted.id) : parsed.authservId === null;
    if (isOwn) return parsed;
  }
  return null;
}

/** The method of RFC 8601 section 2.7.4: what the client logged in as, on our own submission server. */
function isOwnLogin({ results }: AuthenticationResults, addresses: readonly string[]): boolean {
  const logins = results.filter(({ method }) => method === 'auth');
  return (
    logins.length > 0 &&
    logins.every((login) => {
      const names = valuesOf(login, 'smtp.auth');
      return (
        login.result === 'pass' &&
        names.length === 1 &&
        addresses.some((one) => sameAddress(one, names[0] ?? ''))
      );
    })
  );
}

/**
 * DMARC decides where the domain has a policy. Where it has none, a DKIM signature of just this domain does: many
 * small firms sign and publish no policy. SPF alone does not, since all customers of one provider share its servers.
 */
function judge({ results }: AuthenticationResults, by: Anchor, domain: string): SenderAuthentication {
  const dmarc = results.filter(({ method }) => method === 'dmarc');
  const isAboutAnother = (one: MethodResult) =>
    (one.result === 'pass' || valuesOf(one, 'header.from').length > 0) &&
    !isAbout(one, 'header.from', domain);
  if (dmarc.some(isAboutAnother))
    return outcome('none', by, 'other-domain', 'the result of our server is about another domain');
  const said = new Set(dmarc.map(({ result }) => result));
  if (said.size === 1 && said.has('pass'))
    return outcome('pass', by, 'dmarc-pass', 'DMARC passed at our server');
  if (said.has('fail')) return outcome('fail', by, 'dmarc-fail', 'DMARC failed at our server');
  if (said.has('temperror'))
    return outcome('unknown', by, 'dmarc-temperror', 'our server could not check DMARC at the time');
  const isUndecided = [...said].every((result) => result === 'none' || result === 'bestguesspass');
  const signed = results.some(
    (one) => one.method === 'dkim' && one.result === 'pass' && isSignedBy(one, domain),
  );
  if (isUndecided && signed)
    return outcome('pass', by, 'dkim-pass', 'the domain of the sender signed the mail, as our server found');
  return outcome('none', by, 'not-proved', 'our server found no proof of the sender');
}

/** A value may be a whole address. */
const domainIn = (value: string): string => (value.includes('@') ? domainOf(value) : asciiLower(value));

function isAbout(result: MethodResult, property: string, domain: string): boolean {
  const values = valuesOf(result, property);
  return values.length > 0 && values.every((value) => domainIn(value) === domain);
}

const isSignedBy = (result: MethodResult, domain: string): boolean =>
  valuesOf(result, 'header.d').length > 0
    ? isAbout(result, 'header.d', domain)
    : isAbout(result, 'header.i', domain);
