/**
 * Looks at everything that Baton will rest on, all at once: each look has its own bounds in time, so that a server that
 * does not answer costs as much as all of them do. What one look finds is told as soon as it is known.
 */
import { domainOf } from '../../domain/address.ts';
import { certificateCheck } from '../../domain/doctor/certificate.ts';
import type { Check } from '../../domain/doctor/check.ts';
import { type DkimRecord, type DomainRecords, domainChecks } from '../../domain/doctor/domain-records.ts';
import { type Account, imapLoginCheck, type Refusal, smtpLoginCheck } from '../../domain/doctor/login.ts';
import {
  type DatabaseFacts,
  databaseChecks,
  diskCheck,
  nodeCheck,
  redisCheck,
  skewCheck,
} from '../../domain/doctor/machine.ts';
import { type MailboxPlan, mailboxChecks } from '../../domain/doctor/mailbox.ts';
import { memberChecks, type NotAsked } from '../../domain/doctor/members.ts';
import { roundTripCheck } from '../../domain/doctor/round-trip.ts';
import { signInCheck } from '../../domain/doctor/sign-in.ts';
import { signatureIn } from '../../domain/doctor/signature.ts';
import type { InboxId, MemberId } from '../../domain/ids.ts';
import type { Duration } from '../../domain/instant.ts';
import { type Provider, providerByMx } from '../../domain/providers.ts';
import { Failure } from '../failures.ts';
import type { CertificateProbe, MachineProbe, MailboxProbe, NameServer, Server } from '../ports/doctor.ts';
import { type RoundTripDeps, type Travelled, travel } from './round-trip.ts';

export type ExaminedInbox = {
  readonly id: InboxId;
  readonly address: string;
  readonly name: string;
  readonly plan: MailboxPlan;
  readonly imap: Server & { readonly user: string };
  readonly smtp: Server & { readonly user: string | undefined };
};

export type Tools = {
  readonly inboxes: readonly ExaminedInbox[];
  readonly members: readonly { readonly id: MemberId; readonly name: string }[];
  readonly names: NameServer;
  readonly certificates: CertificateProbe;
  readonly machine: MachineProbe;
  readonly mailboxOf: (inbox: InboxId) => MailboxProbe;
  readonly tripOf: (inbox: InboxId) => RoundTripDeps;
  /** How long a mail of the round trip is waited for; null: none is sent. */
  readonly send: Duration | null;
  readonly signal: AbortSignal;
};

/** Told as each part is done, for whoever waits. */
export type Told = (done: number, of: number) => void;

export async function examine(tools: Tools, told: Told): Promise<Check[]> {
  const parts = [
    examineMachine(tools),
    examineMembers(tools),
    ...tools.inboxes.map((inbox) => examineInbox(tools, inbox)),
  ];
  let done = 0;
  const counted = parts.map(async (part) => {
    const checks = await part;
    done += 1;
    told(done, parts.length);
    return checks;
  });
  return (await Promise.all(counted)).flat();
}

async function examineMachine({ machine }: Tools): Promise<Check[]> {
  const [disk, database, redis, lead] = await Promise.all([
    machine.disk(),
    machine.database(),
    machine.redis(),
    machine.databaseLead(),
  ]);
  return [
    nodeCheck(machine.nodeVersion),
    diskCheck(disk),
    ...databaseChecks(database),
    redisCheck(redis),
    skewCheck('database', lead, null),
  ];
}

async function examineMembers({ machine, members }: Tools): Promise<Check[]> {
  const known = await machine.members();
  if (known === null) return memberChecks(whyNotAsked(await machine.database()));
  const nothing = { ready: false, unreached: false, doubted: false, welcomed: false };
  return memberChecks(members.map(({ id, name }) => ({ name, ...(known.get(id) ?? nothing) })));
}

function whyNotAsked(database: DatabaseFacts): NotAsked {
  if (database.type !== 'embedded') return 'unreachable';
  return database.started ? 'stopped' : 'never-started';
}

async function examineInbox(tools: Tools, inbox: ExaminedInbox): Promise<Check[]> {
  const mx = await tools.names.mx(domainOf(inbox.address));
  const provider = mx === null ? null : providerByMx(mx);
  const [imap, smtp, domain] = await Promise.all([
    examineImap(tools, inbox, provider),
    certificateOf(tools, inbox, 'smtp'),
    domainRecords(tools, inbox, mx),
  ]);
  const signIn = await tools.machine.signIn(inbox.id);
  const now = tools.tripOf(inbox.id).clock.now();
  const checks = [
    ...(signIn === null ? [] : [signInCheck(signIn, now, inbox.id)]),
    ...imap.checks,
    smtp,
    ...(await examineSending(tools, inbox, provider)),
  ];
  const travelled = await travelOnce(tools, inbox, imap.isIn);
  const dkim = travelled === null ? null : await dkimOf(tools, travelled);
  return [
    ...checks,
    ...domainChecks({ ...domain, dkim }, domainOf(inbox.address), inbox.id),
    roundTripCheck(travelled?.trip ?? null, inbox.address, inbox.id),
    skewCheck('mail-server', leadOf(tools, inbox, travelled), inbox.id),
  ];
}

async function certificateOf(tools: Tools, inbox: ExaminedInbox, kind: 'imap' | 'smtp'): Promise<Check> {
  const server = inbox[kind];
  const certificate = await tools.certificates.certificateOf(server, kind);
  const now = tools.tripOf(inbox.id).clock.now();
  return certificateCheck(certificate, { kind, host: server.host }, now, inbox.id);
}

async function examineImap(
  tools: Tools,
  inbox: ExaminedInbox,
  provider: Provider | null,
): Promise<{ readonly checks: Check[]; readonly isIn: boolean }> {
  const account: Account = { ...inbox.imap, address: inbox.address, provider };
  const certificate = await certificateOf(tools, inbox, 'imap');
  try {
    const facts = await tools.mailboxOf(inbox.id).look();
    const login = imapLoginCheck(null, account, inbox.id);
    return { checks: [certificate, login, ...mailboxChecks(facts, inbox.plan, inbox.id)], isIn: true };
  } catch (error) {
    return { checks: [certificate, imapLoginCheck(refusalIn(error), account, inbox.id)], isIn: false };
  }
}

function refusalIn(error: unknown): Refusal {
  if (!(error instanceof Failure)) throw error;
  return { code: error.code, said: error.message };
}

async function examineSending(
  tools: Tools,
  inbox: ExaminedInbox,
  provider: Provider | null,
): Promise<Check[]> {
  const refused = await tools.tripOf(inbox.id).sender.check();
  const refusal = refused === null ? null : { code: refused.code, said: refused.response };
  return [smtpLoginCheck(refusal, { ...inbox.smtp, address: inbox.address, provider }, inbox.id)];
}

async function domainRecords(
  { names }: Tools,
  { address }: ExaminedInbox,
  mx: readonly string[] | null,
): Promise<Omit<DomainRecords, 'dkim'>> {
  const domain = domainOf(address);
  const [texts, dmarc] = await Promise.all([names.txt(domain), dmarcOf(names, domain)]);
  return { mx, dmarc, spf: texts?.filter((text) => /^v=spf1(?:\s|$)/i.test(text)) ?? null };
}

/** RFC 7489 section 6.6.3: a domain without a record has that of the organisation above it. */
async function dmarcOf(names: NameServer, domain: string): Promise<readonly string[] | null> {
  const policies = async (of: string): Promise<readonly string[] | null> =>
    (await names.txt(`_dmarc.${of}`))?.filter((text) => /^v=DMARC1\s*(?:;|$)/i.test(text)) ?? null;
  const own = await policies(domain);
  const above = domain.split('.').slice(1).join('.');
  return own === null || own.length > 0 || !above.includes('.') ? own : policies(above);
}

async function travelOnce(tools: Tools, inbox: ExaminedInbox, isIn: boolean): Promise<Travelled | null> {
  if (tools.send === null || !isIn) return null;
  const traveller = { ...inbox, folder: inbox.plan.inbox, sent: inbox.plan.sent };
  try {
    return await travel(tools.tripOf(inbox.id), traveller, tools.send, tools.signal);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { trip: { type: 'refused', said: error.message }, header: null, arrivedAt: null };
  }
}

async function dkimOf({ names }: Tools, { header }: Travelled): Promise<DkimRecord | null> {
  const signature = header === null ? null : signatureIn(new TextDecoder().decode(header));
  if (signature === null) return null;
  return { ...signature, key: await names.txt(`${signature.selector}._domainkey.${signature.domain}`) };
}

/** Its date of arrival against ours, as far as that tells: the mail was on its way as well. */
function leadOf(tools: Tools, { id }: ExaminedInbox, travelled: Travelled | null): Duration | null {
  if (travelled?.trip.type !== 'arrived' || travelled.arrivedAt === null) return null;
  return travelled.arrivedAt - tools.tripOf(id).clock.now();
}
