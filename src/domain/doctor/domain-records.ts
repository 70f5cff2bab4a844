/**
 * What the DNS of an inbox's domain says to servers that get our mail: where answers go (MX), who may send (SPF, RFC
 * 7208), which key signs (DKIM, RFC 6376) and what to do with the rest (DMARC, RFC 7489).
 */
import { type Check, fine, problem, skipped, warning } from './check.ts';

/** What a name server answered; null: it could not be asked. An empty list: there is no such record. */
export type DomainRecords = {
  readonly mx: readonly string[] | null;
  readonly spf: readonly string[] | null;
  /** Of the domain, or where it has none of the organisation's. */
  readonly dmarc: readonly string[] | null;
  readonly dkim: DkimRecord | null;
};

/** Of the selector that a mail of ours was signed with, as the round trip brought it. */
export type DkimRecord = {
  readonly selector: string;
  readonly domain: string;
  readonly key: readonly string[] | null;
};

export function domainChecks(records: DomainRecords, domain: string, inbox: string): Check[] {
  return [mxCheck, spfCheck, dkimCheck, dmarcCheck].map((check) => check(records, domain, inbox));
}

const notAsked = (id: string, inbox: string, domain: string): Check =>
  skipped({ id, inbox }, `no name server answered about ${domain}`);

function mxCheck({ mx }: DomainRecords, domain: string, inbox: string): Check {
  const found = { id: 'dns-mx', inbox };
  if (mx === null) return notAsked(found.id, inbox, domain);
  if (mx.length > 0) return fine(found, `mail for ${domain} goes to ${mx[0]}${more(mx.length - 1)}`);
  // RFC 5321 section 5.1: then the domain's own address takes it, which a private network may rest on.
  return warning(
    found,
    `${domain} has no MX record.`,
    'Few servers will find the way: mail of customers, and answers of members, may not arrive.',
    `Add the MX record that your mail provider names to the DNS of ${domain}.`,
  );
}

const more = (count: number): string => (count > 0 ? ` and ${count} more` : '');

function spfCheck({ spf }: DomainRecords, domain: string, inbox: string): Check {
  const found = { id: 'dns-spf', inbox };
  if (spf === null) return notAsked(found.id, inbox, domain);
  const [only, ...others] = spf;
  if (only === undefined)
    return warning(
      found,
      `${domain} has no SPF record.`,
      'Servers of customers cannot tell your mail from forgeries, and may sort it out as spam.',
      `Add a TXT record to ${domain} with what your provider says, such as "v=spf1 include:PROVIDER -all".`,
    );
  if (others.length > 0)
    return problem(
      found,
      `${domain} has ${spf.length} SPF records.`,
      'With more than one, servers take none of them (RFC 7208 section 4.5).',
      'Make one record of them: the parts of all between one v=spf1 and one -all.',
    );
  if (/\s\+?all\b/i.test(only))
    return problem(
      found,
      `The SPF record of ${domain} ends in +all.`,
      'It lets anybody send in your name.',
      'End it with -all, or with ~all while you are not sure that it names all of your servers.',
    );
  return fine(found, only.length > 70 ? `${only.slice(0, 69)}…` : only);
}

function dkimCheck({ dkim }: DomainRecords, domain: string, inbox: string): Check {
  const found = { id: 'dns-dkim', inbox };
  if (dkim === null)
    return skipped(found, 'no signed mail of this inbox was seen, and without one the key cannot be found');
  const name = `${dkim.selector}._domainkey.${dkim.domain}`;
  if (dkim.key === null) return notAsked(found.id, inbox, domain);
  if (dkim.key.some((key) => /\bp=[A-Za-z0-9+/]/.test(key)))
    return fine(found, `mail is signed by ${dkim.domain}, the key stands at ${name}`);
  return problem(
    found,
    `Mail is signed, but there is no key at ${name}.`,
    'The signature proves nothing, and servers of customers may refuse the mail.',
    'Add the TXT record that your provider shows for DKIM.',
  );
}

function dmarcCheck({ dmarc }: DomainRecords, domain: string, inbox: string): Check {
  const found = { id: 'dns-dmarc', inbox };
  if (dmarc === null) return notAsked(found.id, inbox, domain);
  const [only] = dmarc;
  if (only === undefined)
    return warning(
      found,
      `${domain} has no DMARC record.`,
      'Large providers want one from whoever sends much mail. Baton itself then needs mail of members to be signed by just their domain.',
      `Begin with a TXT record at _dmarc.${domain}: "v=DMARC1; p=none; rua=mailto:postmaster@${domain}".`,
    );
  const policy = /;\s*p\s*=\s*(\w+)/i.exec(only)?.[1]?.toLowerCase() ?? 'none';
  return fine(found, `policy ${policy}`);
}
