/** What holds in every world at every moment of rest; each broken promise is one line. */
import { fold } from '../../src/domain/conversation/evolve.ts';
import type { Conversation } from '../../src/domain/conversation/state.ts';
import { isOpen } from '../../src/domain/parked/parked.ts';
import type { SentMail, World } from './world.ts';

/** Words of ours for the inside of the machine. Customers in tests do not use them either. */
const INTERNAL =
  /\b(offer(s|ed)?|accountab\w+|rungs?|tokens?|outbox|epochs?|escalat\w+|doorbells?|lease[sd]?|conversations?|dispositions?|undefined|null|NaN)\b|\[object/i;
const KEYED_NAME = /[a-z2-7]{26}/g;

export async function brokenPromises(world: World): Promise<string[]> {
  const sent = await world.sent();
  return [
    ...world.errors.map((error) => `a use case threw: ${error instanceof Error ? error.stack : error}`),
    ...unsettled(world),
    ...undecided(world),
    ...world.store.conversations().flatMap((state) => history(world, state)),
    ...sentTwice(sent),
    ...sent.flatMap((mail) => unfit(mail, sent)),
  ];
}

function unsettled({ store }: World): string[] {
  const messages = store.messages().filter((row) => row.stage !== 'settled' || row.disposition === null);
  const notices = store.outbox().filter(({ settledAt }) => settledAt === null);
  return [
    ...messages.map(({ id, stage }) => `message ${id} is ${stage} and has no disposition`),
    ...notices.map(({ notice, state, code }) => `notice ${notice.dedupeKey} is ${state} (${code})`),
  ];
}

/** A mail that could not be read has one person and one next instant until somebody has decided, and neither after that. */
function undecided({ store, clock }: World): string[] {
  const waiting = store
    .messages()
    .filter(({ disposition, reason }) => disposition === 'parked' && reason?.code !== 'dismissed')
    .map(({ id }) => id);
  const open = store.parked().filter(isOpen);
  const ids = open.map(({ id }) => id);
  return [
    ...waiting.filter((id) => !ids.includes(id)).map((id) => `nobody answers for the parked mail ${id}`),
    ...ids
      .filter((id) => !waiting.includes(id))
      .map((id) => `mail ${id} is not parked, and somebody answers`),
    ...open
      .filter(({ due }) => due <= clock.now())
      .map(({ id }) => `the clock of the parked mail ${id} ran out`),
  ];
}

/** The state is what its events make it, and at each instant one person answers for it. */
function history({ store }: World, state: Conversation): string[] {
  const broken: string[] = [];
  const events = store.events(state.id);
  if (JSON.stringify(sorted(fold(events))) !== JSON.stringify(sorted(state)))
    broken.push(`request ${state.id} is not what its events say`);
  const ledger = store.ledger(state.id);
  if (ledger[0]?.fromAt !== state.openedAt) broken.push(`request ${state.id} begins without anybody`);
  for (const [index, row] of ledger.entries()) {
    const next = ledger[index + 1];
    if (row.untilAt !== (next?.fromAt ?? null) || row.untilAt === row.fromAt)
      broken.push(`request ${state.id}: gap or overlap after ${row.member}`);
  }
  if (ledger.at(-1)?.member !== state.accountable)
    broken.push(`request ${state.id}: the ledger names another`);
  return broken;
}

const sorted = (state: Conversation) => Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1));

function sentTwice(sent: readonly SentMail[]): string[] {
  const ids = sent.map(({ mail }) => mail.messageId);
  return ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `sent twice: ${id}`);
}

/** What every mail of ours keeps to, whatever it says. */
function unfit({ outgoing, mail, kind }: SentMail, sent: readonly SentMail[]): string[] {
  const broken: string[] = [];
  const say = (what: string) => broken.push(`${kind} to ${outgoing.envelopeTo}: ${what}`);
  const header = (name: string) => mail.headers.find((one) => one.name === name)?.value;
  for (const line of [mail.subject, ...mail.text.split('\n')]) {
    if (INTERNAL.test(line) && !/^\s*>/.test(line)) say(`says "${line}"`);
  }
  const isPersons = kind === 'customer-reply' || kind === 'outside-help';
  if (!isPersons && !header('auto-submitted')?.startsWith('auto-')) say('is not marked automatic');
  if (isPersons && header('auto-submitted') !== undefined) say('is marked automatic');
  if (isForCustomer(kind) && !isPersons && !header('x-auto-response-suppress')?.includes('AutoReply'))
    say('does not ask machines for silence');
  if (mail.warnings.length > 0) say(`reads with warnings: ${mail.warnings.join('; ')}`);
  const shown = [...mail.to, ...(isForCustomer(kind) ? mail.cc : [])].map(({ address }) => address);
  if (mail.to.length !== 1 || !shown.includes(outgoing.envelopeTo)) say('is addressed to another');
  if (!isKeyed(outgoing.envelopeFrom)) say('does not come back to a keyed address');
  if (!isForCustomer(kind)) return broken;
  // A customer who could read a token, or whom a member's thread leads to, could act for us or read us.
  const own = new Set(sent.filter((one) => isForCustomer(one.kind)).map((one) => leftOf(one.mail.messageId)));
  const raw = Buffer.from(outgoing.raw).toString().replace(/=\r\n/g, '');
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/boundary="[^"]*"/, '');
  for (const name of `${head}\n${mail.text}`.match(KEYED_NAME) ?? []) {
    if (!own.has(name)) say(`holds the keyed name ${name}`);
  }
  if (mail.replyTo.length > 0) say('has a Reply-To');
  return broken;
}

const FOR_CUSTOMERS = ['acknowledgement', 'customer-reply', 'owner-named', 'delay', 'finished'];
const isForCustomer = (kind: string): boolean => FOR_CUSTOMERS.includes(kind);
const leftOf = (messageId: string | null): string => (messageId ?? '').split('@')[0] ?? '';
const isKeyed = (address: string): boolean => /\+[a-z2-7]{26}@/.test(address);

/** The member with this address, those who have left included. */
export function memberOf(world: World, address: string): string | null {
  const members = [...world.policy().members.values()];
  return members.find(({ addresses }) => addresses.includes(address))?.id ?? null;
}
