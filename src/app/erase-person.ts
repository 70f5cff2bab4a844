/**
 * Erasing a person: everything that they wrote, and everything about them, with the ledger left whole. Who answered for
 * what and when stays told by ids; the words, the names and the bytes are gone.
 *
 * It looks at everything, writes what it found in one transaction, and looks at everything again, until there is
 * nothing to be found: so it may run while mail comes in and goes out, and may be killed at any point and run again.
 */
import { domainToASCII, domainToUnicode } from 'node:url';
import { asciiLower } from '../domain/address.ts';
import {
  type Erased,
  isFrom,
  judgeExample,
  judgeMessage,
  judgeNotice,
  judgeText,
  namesOf,
  spellingsOf,
} from '../domain/erasure.ts';
import type { ConversationId, MessageId, NoticeId, TextId } from '../domain/ids.ts';
import type { ErasableMessage, Erasure, ErasurePlan, MailPlace } from './ports/erasure.ts';

export type EraseOptions = {
  readonly erasure: Erasure;
  readonly address: string;
  /** Erase requests that are not done as well: nobody can answer them afterwards. */
  readonly evenOpen: boolean;
  readonly dryRun: boolean;
};

export type EraseOutcome =
  | { readonly type: 'nothing' }
  /** What a person has to see to first. */
  | { readonly type: 'in-the-way'; readonly obstacles: Obstacles }
  | {
      readonly type: 'would-erase' | 'erased';
      readonly counts: ErasureCounts;
      readonly places: readonly MailPlace[];
    }
  /** Requests go on changing while it looks. */
  | { readonly type: 'unsettled' }
  /** All that is known to hold words was cleared, and these tables still name them: a defect of ours. */
  | { readonly type: 'incomplete'; readonly tables: readonly string[] };

export type Obstacles = {
  /** Requests of theirs, or where they help or are in copy, that are not done. */
  readonly open: readonly ConversationId[];
  /** Mails of theirs, or about them, that nobody has read or decided on yet. */
  readonly undecided: readonly MessageId[];
  /** Mails of ours about their requests that are still to be sent. */
  readonly unsent: readonly NoticeId[];
};

export type ErasureCounts = Readonly<Record<keyof ErasurePlan, number>>;

/** More rounds than it takes when mail comes in all the time. */
const ROUNDS_MAX = 6;

export async function erasePerson(options: EraseOptions): Promise<EraseOutcome> {
  const { erasure, dryRun } = options;
  const known: Known = {
    addresses: spelled(options.address),
    own: new Map(),
    names: new Set(),
    touched: new Set(),
  };
  const places: MailPlace[] = [];
  let counts: ErasureCounts | null = null;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { plan, obstacles } = await lookEverywhere(erasure, known);
    const isInTheWay =
      obstacles.undecided.length > 0 ||
      (!options.evenOpen && obstacles.open.length + obstacles.unsent.length > 0);
    if (isInTheWay) return { type: 'in-the-way', obstacles };
    const found = countsOf(plan);
    if (Object.values(found).every((count) => count === 0)) {
      const tables = await erasure.remains(known.addresses);
      if (tables.length > 0) return { type: 'incomplete', tables };
      return counts === null ? { type: 'nothing' } : { type: 'erased', counts, places };
    }
    const theirs = await erasure.places([...plan.messages, ...plan.redacted.map(({ id }) => id)]);
    if (dryRun) return { type: 'would-erase', counts: found, places: theirs };
    if (!(await erasure.erase(plan))) continue;
    places.push(...theirs);
    counts = counts === null ? found : added(counts, found);
  }
  return { type: 'unsettled' };
}

/** Grows from round to round: once a request is erased, nothing in it tells any more whose it was. */
type Known = {
  readonly addresses: readonly string[];
  /** Subjects of their requests. */
  readonly own: Map<ConversationId, string>;
  readonly names: Set<string>;
  readonly touched: Set<ConversationId>;
};

/** The address, with its domain as people and as machines write it. */
function spelled(address: string): string[] {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  const domains = [domain, domainToASCII(domain), domainToUnicode(domain)].filter((one) => one !== '');
  return [...new Set(domains.map((one) => asciiLower(`${local}@${one}`).toLowerCase()))];
}

type Found = { readonly plan: ErasurePlan; readonly obstacles: Obstacles };

async function lookEverywhere(erasure: Erasure, known: Known): Promise<Found> {
  const requests = await erasure.requestsOf(known.addresses);
  const contacts = await erasure.contactsOf(known.addresses);
  for (const { id, subject } of requests) known.own.set(id, subject);
  for (const { name } of [...requests, ...contacts]) known.names.add(name);
  for (const { conversationId } of contacts) known.touched.add(conversationId);
  const written = await findWritten(erasure, known);
  for (const id of await erasure.relatives([...known.own.keys(), ...known.touched])) known.touched.add(id);
  const erased = whoIsErased(known);
  const { messages, redacted, undecided } = await judgeMessages(erasure, erased);
  const open = [
    ...requests,
    ...contacts.map(({ conversationId, ...one }) => ({ ...one, id: conversationId })),
  ];
  return {
    plan: {
      requests: requests.map(({ id, version }) => ({ id, version })),
      contacts: contacts.map(({ id }) => id),
      messages: [...new Set([...written, ...messages])],
      redacted,
      texts: await judgeTexts(erasure, erased),
      // Last, so that a mail that was on its way while we looked is among them.
      notices: await judgeNotices(erasure, erased),
      examples: await judgeExamples(erasure, erased),
    },
    obstacles: {
      open: [...new Set(open.filter((one) => one.open).map(({ id }) => id))],
      undecided,
      unsent: await erasure.waitingNotices([...known.own.keys()]),
    },
  };
}

/** Their own mails, which tell every name that they wrote under, before anything can be judged by that. */
async function findWritten(erasure: Erasure, { addresses, names, touched }: Known): Promise<MessageId[]> {
  const written: MessageId[] = [];
  for await (const portion of erasure.messages('without-raw')) {
    for (const { id, mail, conversationId } of portion) {
      if (mail === null || !isFrom(mail, { addresses })) continue;
      written.push(id);
      if (conversationId !== null) touched.add(conversationId);
      for (const one of [...mail.from, ...mail.sender, ...mail.replyTo]) {
        if (addresses.includes(one.address.toLowerCase())) names.add(one.name);
      }
    }
  }
  return written;
}

function whoIsErased({ addresses, own, names, touched }: Known): Erased {
  return {
    addresses,
    needles: spellingsOf(addresses),
    names: namesOf([...names], [...own.values()]),
    own: new Set(own.keys()),
    touched: new Set([...touched].filter((id) => !own.has(id))),
  };
}

async function judgeMessages(erasure: Erasure, erased: Erased) {
  const messages: MessageId[] = [];
  const redacted: { id: MessageId; mail: ErasableMessage['mail'] }[] = [];
  const undecided: MessageId[] = [];
  for await (const portion of erasure.messages('with-raw')) {
    for (const message of portion) {
      const verdict = judgeMessage(message, erased);
      if (verdict.type === 'keep') continue;
      if (!isDecided(message)) undecided.push(message.id);
      if (verdict.type === 'erase') messages.push(message.id);
      else redacted.push({ id: message.id, mail: verdict.mail });
    }
  }
  return { messages, redacted, undecided };
}

async function judgeTexts(erasure: Erasure, erased: Erased): Promise<ErasurePlan['texts']> {
  const texts: { id: TextId; body: string | null }[] = [];
  for await (const portion of erasure.texts()) {
    for (const { id, body, conversationId } of portion) {
      const isOwn = conversationId !== null && erased.own.has(conversationId);
      const told = isOwn ? null : judgeText(body, erased);
      if (isOwn || told !== null) texts.push({ id, body: told });
    }
  }
  return texts;
}

async function judgeNotices(erasure: Erasure, erased: Erased): Promise<NoticeId[]> {
  const notices: NoticeId[] = [];
  for await (const portion of erasure.notices()) {
    notices.push(...portion.filter((notice) => judgeNotice(notice, erased) === 'erase').map(({ id }) => id));
  }
  return notices;
}

async function judgeExamples(erasure: Erasure, erased: Erased): Promise<number[]> {
  const examples: number[] = [];
  for await (const portion of erasure.examples()) {
    examples.push(
      ...portion.filter((example) => judgeExample(example, erased) === 'erase').map(({ id }) => id),
    );
  }
  return examples;
}

/** Whoever decides on a parked mail needs its bytes. */
const isDecided = ({ disposition, reasonCode }: ErasableMessage): boolean =>
  disposition !== null && (disposition !== 'parked' || reasonCode === 'dismissed');

const countsOf = (plan: ErasurePlan): ErasureCounts => ({
  requests: plan.requests.length,
  contacts: plan.contacts.length,
  messages: plan.messages.length,
  redacted: plan.redacted.length,
  texts: plan.texts.length,
  notices: plan.notices.length,
  examples: plan.examples.length,
});

const added = (a: ErasureCounts, b: ErasureCounts): ErasureCounts => ({
  requests: a.requests + b.requests,
  contacts: a.contacts + b.contacts,
  messages: a.messages + b.messages,
  redacted: a.redacted + b.redacted,
  texts: a.texts + b.texts,
  notices: a.notices + b.notices,
  examples: a.examples + b.examples,
});
