/** Gets into the mailbox, for reading and for sending, or says why not and what to do, until it works or is left. */
import { domainOf } from '../../domain/address.ts';
import type { Check } from '../../domain/doctor/check.ts';
import { type Account, imapLoginCheck, type Refusal, smtpLoginCheck } from '../../domain/doctor/login.ts';
import { type MailboxFacts, mailboxChecks, sentFolderIn } from '../../domain/doctor/mailbox.ts';
import { type Read, readLine, readServer, serverText } from '../../domain/first-hour/answers.ts';
import type { Plan, ServerPlan } from '../../domain/first-hour/plan.ts';
import type { Provider } from '../../domain/providers.ts';
import type { RawMail } from '../../domain/sender-authentication/authenticate-sender.ts';
import type { RoundTripDeps } from '../doctor/round-trip.ts';
import { Failure } from '../failures.ts';
import type { MailboxProbe, NameServer } from '../ports/doctor.ts';
import type { SenderCheck } from '../ports/sender-check.ts';
import { type Asker, asked } from './asker.ts';

export type InboxTools = RoundTripDeps & { readonly probe: MailboxProbe };
type Accounts = Pick<Plan['inbox'], 'imap' | 'smtp'>;
type Passwords = { readonly password: string; readonly smtpPassword: string };

export type MailDeps = {
  readonly asker: Asker;
  readonly names: NameServer;
  readonly senderCheck: SenderCheck;
  readonly readHeader: (raw: Uint8Array) => RawMail;
  readonly toolsOf: (accounts: Accounts, passwords: Passwords) => InboxTools;
  readonly checkLines: (check: Check) => readonly string[];
  readonly mail: boolean;
};

export type About = { readonly id: string; readonly address: string; readonly provider: Provider | null };

export type Reached = Accounts &
  Passwords & {
    readonly sent: readonly string[];
    /** Both logins work, so that mail can be tried. */
    readonly isIn: boolean;
  };

type Login = ServerPlan & { readonly user: string };

export async function reachMailbox(deps: MailDeps, about: About): Promise<Reached> {
  const { asker } = deps;
  const { provider, address } = about;
  const server = await serverFor(asker, provider, address, 'imap');
  const user = await asked(asker, 'User name for its mailbox', readLine, address);
  let imap: Login = { ...server, user };
  let password = await askPassword(asker, provider);
  let smtp: Login = { ...(await serverFor(asker, provider, address, 'smtp')), user };
  let smtpPassword = password;
  if (!deps.mail)
    return { imap, smtp, password, smtpPassword, sent: provider?.sent ?? ['Sent'], isIn: false };

  const reading = await until(deps, about, 'imap', { login: imap, password }, async (login, secret) =>
    lookInside(deps, { imap: login, smtp }, secret),
  );
  imap = reading.login;
  password = reading.password;
  const facts = reading.facts;
  const sent = facts === null ? (provider?.sent ?? ['Sent']) : [sentFolderIn(facts.folders) ?? []].flat();
  if (facts !== null) show(deps, mailboxChecks(facts, { inbox: 'INBOX', sent }, about.id));

  smtpPassword = password;
  smtp = { ...smtp, user: imap.user };
  const sending = await until(
    deps,
    about,
    'smtp',
    { login: smtp, password: smtpPassword },
    async (login, secret) => logInToSend(deps, { imap, smtp: login }, { password, smtpPassword: secret }),
  );
  smtp = sending.login;
  smtpPassword = sending.password;
  return { imap, smtp, password, smtpPassword, sent, isIn: facts !== null && sending.facts !== null };
}

const HOW_SERVERS_ARE_TYPED =
  'A server is typed as imap.elm.example, with its port imap.elm.example:993, and behind that the kind of TLS where it is not the usual one of the port: ' +
  'implicit (encrypted from the start), starttls, or none (without TLS, for a server on this machine): mail.elm.example:143 starttls.';

/** Those of a known provider are not asked for. */
async function serverFor(
  asker: Asker,
  provider: Provider | null,
  address: string,
  protocol: 'imap' | 'smtp',
): Promise<ServerPlan> {
  const known = provider?.[protocol];
  if (known !== undefined && known.host !== null) return { ...known, host: known.host };
  if (protocol === 'imap') asker.say(HOW_SERVERS_ARE_TYPED);
  const question = protocol === 'imap' ? 'Server to read mail from (IMAP)' : 'Server to send mail by (SMTP)';
  return asked(asker, question, (typed) => readServer(typed, protocol), `${protocol}.${domainOf(address)}`);
}

async function askPassword(asker: Asker, provider: Provider | null): Promise<string> {
  const what = provider?.login.includes('app-password') ? 'App password' : 'Password';
  for (;;) {
    const password = await asker.ask(`${what} (not shown; kept in .env beside the configuration): `, {
      hidden: true,
    });
    if (password !== '' && !/[\r\n\0]/.test(password)) return tidied(password, provider);
    asker.say('Something is needed here.');
  }
}

/** Google shows app passwords in four groups, and the spaces are none of it. */
const tidied = (password: string, provider: Provider | null): string =>
  provider?.id === 'gmail' && /^(?:[a-z]{4} ){3}[a-z]{4}$/.test(password.trim())
    ? password.replaceAll(' ', '')
    : password;

type Try<Facts> = { readonly facts: Facts } | { readonly refusal: Refusal };
type Settled<Facts> = { readonly login: Login; readonly password: string; readonly facts: Facts | null };

/** Tries, and lets what was refused be put right; facts null: it was left as it is. */
async function until<Facts>(
  deps: MailDeps,
  { id, address, provider }: About,
  protocol: 'imap' | 'smtp',
  given: { readonly login: Login; readonly password: string },
  attempt: (login: Login, password: string) => Promise<Try<Facts>>,
): Promise<Settled<Facts>> {
  let { login, password } = given;
  for (;;) {
    const tried = await deps.asker.wait(
      (seconds) => `Trying ${login.host}:${login.port} ... ${seconds} s`,
      () => attempt(login, password),
    );
    const refusal = 'refusal' in tried ? tried.refusal : null;
    const account: Account = { ...login, address, provider };
    const check =
      protocol === 'imap' ? imapLoginCheck(refusal, account, id) : smtpLoginCheck(refusal, account, id);
    show(deps, [check]);
    if ('facts' in tried) return { login, password, facts: tried.facts };
    const isLogin = tried.refusal.code.endsWith('login-refused');
    const change = await asked(
      deps.asker,
      'Which of these is to be changed? One word: password, user, server, or nothing (goes on without it)',
      readChange,
      isLogin ? 'password' : 'server',
    );
    if (change === 'nothing') return { login, password, facts: null };
    if (change === 'password') password = await askPassword(deps.asker, provider);
    if (change === 'user')
      login = { ...login, user: await asked(deps.asker, 'User name', readLine, login.user) };
    if (change === 'server') {
      const read = (typed: string) => readServer(typed, protocol);
      login = {
        ...login,
        ...(await asked(
          deps.asker,
          'Server, and behind it implicit, starttls or none where TLS is not the usual one',
          read,
          serverText(login, protocol),
        )),
      };
    }
  }
}

const CHANGES = ['password', 'user', 'server', 'nothing'] as const;

function readChange(typed: string): Read<(typeof CHANGES)[number]> {
  const value = CHANGES.find((one) => one === typed.trim().toLowerCase());
  return value === undefined
    ? { ok: false, wrong: 'Answer password, user, server or nothing.' }
    : { ok: true, value };
}

async function lookInside(deps: MailDeps, accounts: Accounts, password: string): Promise<Try<MailboxFacts>> {
  const tools = deps.toolsOf(accounts, { password, smtpPassword: password });
  try {
    return { facts: await tools.probe.look() };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { refusal: { code: error.code, said: error.message } };
  } finally {
    await tools.sender.close();
  }
}

async function logInToSend(deps: MailDeps, accounts: Accounts, passwords: Passwords): Promise<Try<true>> {
  const { sender } = deps.toolsOf(accounts, passwords);
  try {
    const refused = await sender.check();
    return refused === null ? { facts: true } : { refusal: { code: refused.code, said: refused.response } };
  } finally {
    await sender.close();
  }
}

export function show(
  { asker, checkLines }: Pick<MailDeps, 'asker' | 'checkLines'>,
  checks: readonly Check[],
): void {
  for (const check of checks) for (const line of checkLines(check)) asker.show(line);
}
