/**
 * What is missing of an inbox's servers and logins once its provider has been asked, and what contradicts itself there.
 * Works on the plain tree, as relations.ts does.
 */
import { OauthProviders } from '../domain/oauth-client.ts';
import { Providers } from '../domain/providers.ts';
import { descriptionOf, valueAt } from './issues.ts';
import { didYouMean, type Finding, list, type Path } from './problems.ts';

type Section = Readonly<Record<string, unknown>>;

const sectionAt = (tree: unknown, path: Path): Section | null => {
  const value = valueAt(tree, path);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Section) : null;
};

const idsOf = (tree: unknown, section: string): string[] => Object.keys(sectionAt(tree, [section]) ?? {});

export const loginFaults = (tree: unknown): Finding[] => [
  ...idsOf(tree, 'inboxes').flatMap((id) => inboxFaults(tree, ['inboxes', id])),
  ...halfLogins(tree, ['alarm', 'mail', 'smtp']),
];

const missing = (path: Path, remedy = descriptionOf(path)): Finding => ({
  path,
  message: 'this is missing',
  remedy,
});

function inboxFaults(tree: unknown, inbox: Path): Finding[] {
  const section = sectionAt(tree, inbox);
  if (section === null) return [];
  const preset = presetOf(section);
  const isKnown = preset !== null && preset.imap.host !== null;
  const hasOauth = section.oauth !== undefined;
  return [
    ...unknownClient(tree, inbox),
    ...serverFaults(tree, [...inbox, 'imap'], isKnown, hasOauth || preset !== null, hasOauth),
    ...smtpFaults(tree, inbox, isKnown, hasOauth),
  ];
}

const presetOf = ({ provider }: Section) =>
  typeof provider === 'string' && Object.hasOwn(Providers, provider)
    ? Providers[provider as keyof typeof Providers]
    : null;

function serverFaults(
  tree: unknown,
  path: Path,
  hasHost: boolean,
  hasUser: boolean,
  hasLogin: boolean,
): Finding[] {
  const value = valueAt(tree, path);
  if (value === undefined && !(hasHost && hasUser)) return [missing(path)];
  const imap = value === undefined ? {} : sectionAt(tree, path);
  if (imap === null) return [];
  const withLogin = 'The password, or oauth in the inbox: ';
  return [
    ...(imap.host === undefined && !hasHost ? [missing([...path, 'host'])] : []),
    ...(imap.user === undefined && !hasUser ? [missing([...path, 'user'])] : []),
    ...(imap.password === undefined && !hasLogin
      ? [
          missing(
            [...path, 'password'],
            descriptionOf([...path, 'password']).replace('The password: ', withLogin),
          ),
        ]
      : []),
  ];
}

function smtpFaults(tree: unknown, inbox: Path, isKnown: boolean, hasOauth: boolean): Finding[] {
  const path = [...inbox, 'smtp'];
  const smtp = sectionAt(tree, path);
  if (valueAt(tree, path) === undefined && isKnown) return hasOauth ? [] : [missing([...path, 'password'])];
  if (valueAt(tree, path) === undefined) return [missing(path)];
  if (smtp === null) return [];
  if (smtp.host === undefined && !isKnown) return [missing([...path, 'host'])];
  if (smtp.host === undefined)
    return smtp.password === undefined && !hasOauth ? [missing([...path, 'password'])] : [];
  if (smtp.user !== undefined && smtp.password === undefined && hasOauth) return [];
  return halfLogins(tree, path);
}

function halfLogins(tree: unknown, path: Path): Finding[] {
  const smtp = sectionAt(tree, path) ?? {};
  if ((smtp.user === undefined) === (smtp.password === undefined)) return [];
  const [given, absent] = smtp.user === undefined ? ['password', 'user'] : ['user', 'password'];
  const remedy = 'Give both, or neither for a server that asks for no login.';
  return [{ path: [...path, given], message: `there is a ${given} but no ${absent}`, remedy }];
}

const OAUTH_OF: Readonly<Record<string, (typeof OauthProviders)[number]>> = {
  gmail: 'google',
  microsoft365: 'microsoft',
};

function unknownClient(tree: unknown, inbox: Path): Finding[] {
  const path = [...inbox, 'oauth'];
  const name = valueAt(tree, path);
  if (typeof name !== 'string') return [];
  const known = idsOf(tree, 'oauth');
  if (!known.includes(name)) {
    const remedy =
      known.length === 0
        ? 'There is no client yet: write one under oauth, with provider and clientId.'
        : `${didYouMean(name, known)}Known clients: ${list(known)}.`;
    return [{ path, message: `no client under oauth is called "${name}"`, remedy }];
  }
  const provider = valueAt(tree, [...inbox, 'provider']);
  const wanted = typeof provider === 'string' ? OAUTH_OF[provider] : undefined;
  const given = valueAt(tree, ['oauth', name, 'provider']);
  if (typeof provider !== 'string' || given === undefined || given === wanted) return [];
  if (provider === 'imap' || !OauthProviders.some((one) => one === given)) return [];
  const remedy =
    wanted === undefined ? 'Give a password in imap and in smtp.' : `Name a client of ${wanted}.`;
  return [{ path, message: `a client of ${given} logs in to no mailbox of ${provider}`, remedy }];
}

/** Host, port and user of a mailbox, as far as they can be told: two inboxes must not read one folder. */
export function mailboxAt(tree: unknown, id: string): { host: string; port: string; user: string } | null {
  const section = sectionAt(tree, ['inboxes', id]) ?? {};
  const imap = sectionAt(tree, ['inboxes', id, 'imap']) ?? {};
  const host = imap.host ?? presetOf(section)?.imap.host;
  const user = imap.user ?? section.address;
  if (typeof host !== 'string' || typeof user !== 'string') return null;
  return { host: host.toLowerCase(), port: String(imap.port ?? ''), user };
}
