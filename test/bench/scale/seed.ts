/**
 * A few thousand different requests with everything that belongs to them, written by the store as workers write them.
 * They are as old mail is: everything was sent, and the bytes are no longer kept.
 */
import { createHash } from 'node:crypto';
import type { Sql } from '../../../src/adapters/db/sql.ts';
import { noticesOf } from '../../../src/app/new-notice.ts';
import type {
  MessageChange,
  NewMessage,
  Store,
  StoredMail,
  Transaction,
} from '../../../src/app/ports/store.ts';
import type { InboxId, MemberId, MessageId } from '../../../src/domain/ids.ts';
import { DAY, type Duration, HOUR, type Instant, MINUTE, toIso } from '../../../src/domain/instant.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { SettableClock } from '../../support/settable-clock.ts';
import { inboxIds } from './company.ts';
import { tell } from './stories.ts';

const BATCH = 50;
/** What is open came in within this time. */
const SPAN = 12 * DAY;
/** What is done came in within this time: weekly reports look at five weeks. */
const DONE_SPAN = 60 * DAY;
const SECRET = 'a secret for a million requests';

export type SeedOptions = {
  readonly store: Store;
  readonly clock: SettableClock;
  readonly policy: Policy;
  /** So many are open. */
  readonly count: number;
  /** So many more are done. */
  readonly done?: number;
  /** The instant that it is when all of them have been told. */
  readonly now: Instant;
};

type Loads = Map<MemberId, { open: number; lastOfferedAt: Instant | null }>;

export async function seed({ done = 0, ...options }: SeedOptions): Promise<void> {
  await seedPart(options, { isDone: true, first: options.count, size: done, span: DONE_SPAN });
  await seedPart(options, { isDone: false, first: 0, size: options.count, span: SPAN });
  options.clock.set(options.now);
}

type PartOfSeed = {
  readonly isDone: boolean;
  readonly first: number;
  readonly size: number;
  readonly span: Duration;
};

async function seedPart(
  { store, clock, policy, now }: SeedOptions,
  { isDone, first, size: all, span }: PartOfSeed,
): Promise<void> {
  const loads: Loads = new Map();
  for (let from = 0; from < all; from += BATCH) {
    const inboxId = inboxIds[(from / BATCH) % inboxIds.length] ?? '';
    clock.set(now - span + Math.floor((from / all) * (span - (isDone ? DONE_BY : OPEN_BY))));
    const size = Math.min(BATCH, all - from);
    const messages = await takeIn(store, inboxId, first + from, size);
    await store.transact([], (tx) =>
      write(tx, {
        ...{ policy, loads, inboxId, isDone, size, messages, now },
        from: first + from,
        at: clock.now(),
      }),
    );
  }
}

/** How long before the end the last of them came: time for all that happens in each. */
const OPEN_BY = 2 * MINUTE;
const DONE_BY = 2 * DAY;

/** Two mails for each request: its customer's, and one of whoever took it. */
export async function takeIn(
  store: Store,
  inboxId: InboxId,
  from: number,
  size: number,
): Promise<MessageId[]> {
  const watched = { inboxId, folder: 'INBOX', role: 'inbox', startFrom: 0 } as const;
  const lease = await store.leaseMailbox(watched, 'seed', MINUTE);
  if (lease.type === 'taken') throw new Error('bug: there is one poller here');
  const { id, fence, uidValidity, lastUid } = lease.mailbox;
  const messages = Array.from({ length: 2 * size }, (_, index): NewMessage => {
    const raw = Buffer.from(`Subject: mail ${from * 2 + index}\r\n\r\nThe tap drips.\r\n`);
    return { uid: lastUid + 1 + index, receivedAt: 1, size: raw.length, raw, rawHash: sha256(raw) };
  });
  const before = { uidValidity, lastUid };
  return store.saveBatch({
    mailboxId: id,
    fence,
    uidValidity: '1',
    before,
    lastUid: lastUid + 2 * size,
    messages,
  });
}

type Batch = {
  readonly policy: Policy;
  readonly loads: Loads;
  readonly inboxId: InboxId;
  readonly isDone: boolean;
  readonly from: number;
  readonly size: number;
  readonly messages: readonly MessageId[];
  readonly now: Instant;
  readonly at: Instant;
};

async function write(tx: Transaction, batch: Batch): Promise<void> {
  const { policy, loads, inboxId, isDone, from, size, messages, now, at } = batch;
  const ids = await tx.reserveConversations(size);
  const stories = ids.map((conversationId, index) => {
    const [messageId = 0, memberMail = 0] = messages.slice(2 * index, 2 * index + 2);
    const number = from + index;
    return {
      number,
      messageId,
      memberMail,
      ...tell(policy, loads, {
        number,
        isDone,
        conversationId,
        inboxId,
        messageId,
        memberMail,
        storedAt: at,
        until: now,
      }),
    };
  });
  await tx.write({
    conversations: stories.map(({ number, after, events }) => ({
      before: null,
      after,
      events,
      words: { subject: `Tap ${number} drips`, customer: customer(number) },
    })),
    messages: stories.flatMap(({ number, messageId, memberMail, after }): MessageChange[] => {
      const member = after.owner;
      const author = member === null ? customer(number) : { name: member, address: `${member}@elm.example` };
      const first = settled(messageId, 'request', after.id, mailOf(`a${number}`, customer(number)));
      const second = settled(
        memberMail,
        member === null ? 'follow-up' : 'teammate-note',
        after.id,
        mailOf(`b${number}`, author),
      );
      return [first, { ...second, ...(member !== null && { member }) }];
    }),
    notices: stories.flatMap(({ notices }) =>
      noticesOf({ secret: SECRET, policy: () => policy }, notices, now),
    ),
  });
}

export const customer = (number: number) => ({
  name: `Customer ${number}`,
  address: `customer${number}@tenant.example`,
});

export function settled(
  id: MessageId,
  disposition: MessageChange['disposition'],
  conversationId: number,
  mail: StoredMail,
): MessageChange {
  const hash = sha256(mail.messageId ?? '');
  return {
    ...{ id, stage: 'settled', disposition, conversationId },
    reason: { code: 'seed', sentence: 'it was made up' },
    reading: {
      mail,
      kind: 'person',
      contentHash: hash,
      messageIdHash: hash,
      threadKeys: [{ key: hash, own: true }],
    },
  };
}

export function mailOf(id: string, from: { name: string; address: string }): StoredMail {
  const text = 'The tap in the kitchen drips, day and night. Could somebody come this week?';
  return {
    messageId: `${id}@tenant.example`,
    date: 1,
    from: [from],
    ...{
      sender: [],
      to: [],
      cc: [],
      replyTo: [],
      deliveredTo: [],
      returnPath: null,
      inReplyTo: [],
      references: [],
    },
    subject: 'Tap drips',
    text,
    reply: { text, quoted: '', signature: '' },
    ...{ forwarded: null, attachments: [], report: null, bodyHash: sha256(id), warnings: [] },
  };
}

const sha256 = (of: string | Uint8Array): string => createHash('sha256').update(of).digest('hex');

/** Everything went out a while ago, but for one in 500 that waits a while, and what was said is no longer kept. */
export async function growOld(sql: Sql, now: Instant): Promise<void> {
  await sql(
    `UPDATE outbox SET state = 'sent', settled_at = created_at, attempts = 1, claims = 1, forgotten = 'words'
     WHERE id % 500 <> 0`,
  );
  await sql(
    `UPDATE outbox SET due_at = $1::timestamptz + id % 3600 * interval '1 second' WHERE state = 'pending'`,
    [toIso(now + HOUR)],
  );
  await sql(`INSERT INTO attempt (outbox_id, number, started_at, finished_at, outcome, code)
    SELECT id, 1, created_at, created_at, 'accepted', '250' FROM outbox WHERE state = 'sent'`);
  await sql(`UPDATE message SET forgotten = 'raw'`);
  await sql('UPDATE message_words SET raw = NULL');
}
