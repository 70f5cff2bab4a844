/**
 * Which proof of a sender an inbox can rest on, read off one mail that a member sent it. Candidates come in the order
 * of how little they have to believe: our own check first, then what the server wrote.
 */
import { asciiLower, sameAddress } from '../address.ts';
import { type Header, headerValues } from '../message.ts';
import type { Provider } from '../providers.ts';
import type { RawMail } from '../sender-authentication/authenticate-sender.ts';
import type { Authentication } from '../sender-authentication/authentication.ts';
import { parseAuthenticationResults } from '../sender-authentication/authentication-results.ts';
import { authorOf } from '../sender-authentication/author.ts';
import { parseReceived } from '../sender-authentication/received.ts';
import type { AuthenticationPlan, Person } from './plan.ts';

const OWN_CHECK: AuthenticationPlan = { mode: 'own-check', trustedHosts: [] };

/** What the file says when nothing was tried. */
export const usualAuthentication = (provider: Provider | null): AuthenticationPlan =>
  provider?.id === 'microsoft365' ? INSIDE_MICROSOFT : OWN_CHECK;

/** Between teammates of one tenant nothing is signed, but what was sent inside is marked. */
const INSIDE_MICROSOFT: AuthenticationPlan = {
  mode: 'mail-server',
  trustedHosts: [
    '.prod.outlook.com',
    '.prod.protection.outlook.com',
    '.mail.protection.outlook.com',
    '.outlook.office365.com',
  ],
  authservId: 'absent',
  resultsBelowReceived: false,
  ownLogin: false,
  insideTenant: true,
};

export function candidatesFor({ headers }: RawMail, provider: Provider | null): AuthenticationPlan[] {
  const hosts = ownHosts(headers);
  const ids = authservIds(headers);
  const byServer = hosts.length === 0 ? [] : ids.map((id) => mailServer(hosts, id));
  return [
    ...(provider?.id === 'microsoft365' ? [INSIDE_MICROSOFT] : []),
    OWN_CHECK,
    ...byServer,
    ...byServer.map((plan) => ({ ...plan, resultsBelowReceived: true })),
    ...byServer.map((plan) => ({ ...plan, ownLogin: true })),
    ...byServer.map((plan) => ({ ...plan, resultsBelowReceived: true, ownLogin: true })),
    // SPF counts once it is known which line our own server wrote.
    ...(hosts.length === 0 ? [] : [{ mode: 'own-check', trustedHosts: hosts } as const]),
  ];
}

const mailServer = (trustedHosts: readonly string[], authservId: string) =>
  ({
    mode: 'mail-server',
    trustedHosts,
    authservId,
    resultsBelowReceived: false,
    ownLogin: false,
    insideTenant: false,
  }) as const;

/** The server that wrote the topmost Received line is the mailbox's own: nobody outside can write above it. */
function ownHosts(headers: readonly Header[]): string[] {
  const [top] = headerValues({ headers }, 'received');
  const by = top === undefined ? null : parseReceived(top).by;
  // A name without a dot is one that any server may have.
  return by?.includes('.') ? [by] : [];
}

const IDS_MAX = 3;

function authservIds(headers: readonly Header[]): string[] {
  const ids = headerValues({ headers }, 'authentication-results').flatMap(
    (value) => parseAuthenticationResults(value)?.authservId ?? [],
  );
  return [...new Set(ids)].filter((id) => /^[!-~]{1,253}$/.test(id)).slice(0, IDS_MAX);
}

export function authenticationOf(plan: AuthenticationPlan): Authentication {
  if (plan.mode === 'own-check') return plan;
  const { trustedHosts, authservId, resultsBelowReceived, insideTenant, ownLogin } = plan;
  const results =
    authservId === 'absent'
      ? ({ type: 'without-id' } as const)
      : ({ type: 'id', id: authservId, belowReceived: resultsBelowReceived } as const);
  return { mode: 'mail-server', trustedHosts, results, insideTenant, ownLogin };
}

/** Why the choice is what it is, for whoever set it up. */
export function choiceWords(plan: AuthenticationPlan): string {
  if (plan.mode === 'own-check')
    return plan.trustedHosts.length === 0
      ? 'Baton verifies signatures (DKIM) and DMARC itself; that worked for this mail.'
      : `Baton checks for itself, with SPF for mail that ${plan.trustedHosts[0]} took in; that worked for this mail.`;
  if (plan.insideTenant)
    return 'Microsoft 365 marks what was sent inside your organisation, and Baton goes by that.';
  return plan.ownLogin
    ? `Your server ${plan.authservId} notes with which login a mail was handed in, and Baton goes by that.`
    : `Your server ${plan.authservId} checks senders and writes down what it found, and Baton goes by that.`;
}

/** Who wrote it; null for somebody else, or a sender that can be read in more than one way. */
export function writerOf({ headers, warnings }: RawMail, people: readonly Person[]): Person | null {
  const author = authorOf(headers, warnings);
  if ('doubt' in author) return null;
  return people.find(({ address }) => sameAddress(address, author.address)) ?? null;
}

/** Mail that a Google Group passes on; the group has the address, and some other mailbox gets the mail. */
export const isFromGoogleGroup = ({ headers }: Pick<RawMail, 'headers'>): boolean =>
  headers.some(({ name }) => name === 'x-google-group-id') ||
  headerValues({ headers }, 'list-id').some((value) =>
    /\.googlegroups\.com>|groups\.google/i.test(asciiLower(value)),
  );
