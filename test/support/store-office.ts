/**
 * The test company with its truth in PostgreSQL and everything else in this process: mailboxes and doorbells are
 * doubles, mail goes to the sender that a test gives, and a test moves the clock. Quick enough for a fault per test.
 */

import { createHash } from 'node:crypto';
import type pg from 'pg';
import { postgresAudit } from '../../src/adapters/db/audit.ts';
import { postgresStore } from '../../src/adapters/db/store.ts';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { composeMail } from '../../src/adapters/smtp/compose.ts';
import { adoptPolicy } from '../../src/app/adopt-policy.ts';
import { classifyMessages } from '../../src/app/classify-message.ts';
import { deliverOutbox } from '../../src/app/deliver-outbox.ts';
import { DEFAULT_LIMITS, type Deps, type Limits } from '../../src/app/deps.ts';
import { escalateOverdue } from '../../src/app/escalate-overdue.ts';
import { ingestMailbox } from '../../src/app/ingest-mailbox.ts';
import { NoModel } from '../../src/app/look-into.ts';
import type { Log } from '../../src/app/ports/log.ts';
import type { MailSender, OutgoingMail } from '../../src/app/ports/mail-sender.ts';
import type { Bell, Queue } from '../../src/app/ports/queue.ts';
import type { Store, Transaction } from '../../src/app/ports/store.ts';
import { applyReplies } from '../../src/app/replies/apply-reply.ts';
import { routeConversations } from '../../src/app/route-conversation.ts';
import { sweepStale } from '../../src/app/sweep-stale.ts';
import { verify } from '../../src/app/verify.ts';
import type { SinkMail } from '../../src/app/verify-sink.ts';
import { watchParked } from '../../src/app/watch-parked.ts';
import type { InboxId } from '../../src/domain/ids.ts';
import { type Duration, type Instant, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Mail } from '../../src/domain/message.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { inProcessParser } from './in-process-parser.ts';
import { type Letter, writeLetter } from './letters.ts';
import { memoryMailbox } from './memory-mailbox.ts';
import { MemoryQueue } from './memory-queue.ts';
import { memorySender } from './memory-sender.ts';
import { noSenderCheck } from './no-sender-check.ts';
import { MONDAY, testPolicy } from './policy.ts';
import { type SettableClock, settableClock } from './settable-clock.ts';
import { testPool } from './store-database.ts';

export const INBOX_ID = 'maintenance';
const ADDRESS = 'maintenance@elm.example';
/** More passes without rest are a bug. */
const PASSES_MAX = 50;

export type StoreOfficeOptions = {
  readonly pool?: pg.Pool;
  readonly clock?: SettableClock;
  readonly policy?: Policy;
  /** What the workers see of the store. */
  readonly sabotage?: (store: Store) => Store;
  readonly sender?: MailSender;
  readonly queue?: Queue;
  readonly limits?: Partial<Limits>;
  readonly log?: Log;
  /** A folder of the same mailbox that another inbox reads. */
  readonly second?: { readonly inboxId: InboxId; readonly folder: string };
};

export type StoreOffice = Awaited<ReturnType<typeof openStoreOffice>>;

export async function openStoreOffice(databaseUrl: string, options: StoreOfficeOptions = {}) {
  const clock = options.clock ?? settableClock(MONDAY);
  const pool = options.pool ?? testPool(databaseUrl);
  const real = postgresStore({ pool, time: clock });
  const store = options.sabotage?.(real) ?? real;
  const bells = new MemoryQueue();
  const memory = memorySender();
  const { second } = options;
  const mailbox = memoryMailbox(second === undefined ? undefined : ['INBOX', second.folder]);
  const errors: unknown[] = [];
  let texts = 0;
  let letters = 0;
  const deps: Deps = {
    store,
    queue: options.queue ?? bells,
    parser: inProcessParser(),
    senderCheck: noSenderCheck,
    composer: { compose: composeMail },
    senderOf: () => options.sender ?? memory.sender,
    clock,
    policy: () => policy,
    secret: 'a secret for tests',
    model: NoModel,
    newTextId: () => `00000000-0000-4000-8000-${String(++texts).padStart(12, '0')}`,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    log: options.log ?? { info() {}, warn() {}, error() {} },
  };
  const looks: Record<Bell, (ids: readonly number[]) => Promise<void>> = {
    classify: (ids) => classifyMessages(deps, ids),
    route: (ids) => routeConversations(deps, ids),
    reply: (ids) => applyReplies(deps, ids),
    deliver: async (ids) => void (await deliverOutbox(deps, ids)),
  };
  for (const [bell, look] of Object.entries(looks) as [Bell, (typeof looks)[Bell]][]) {
    await deps.queue.listen(bell, (ids) =>
      look(ids).catch((error: unknown) => {
        errors.push(error);
        throw error;
      }),
    );
  }
  const policy = await adoptPolicy(deps, options.policy ?? testPolicy());

  /** One visit of a poller. */
  async function ingest(): Promise<void> {
    await visit(INBOX_ID, 'INBOX');
    if (second !== undefined) await visit(second.inboxId, second.folder);
  }

  async function visit(inboxId: InboxId, folder: string): Promise<void> {
    const { signal } = new AbortController();
    const watched = { inboxId, folder, role: 'inbox', startFrom: null } as const;
    const lease = await store.leaseMailbox(watched, 'the poller', MINUTE);
    if (lease.type === 'taken') throw new Error('bug: there is one poller here');
    const session = await mailbox.reader.open(folder, signal);
    try {
      await ingestMailbox(deps, lease.mailbox, session, signal);
    } finally {
      await session.close();
    }
  }

  const write = (letter: Partial<Letter> & Pick<Letter, 'from' | 'text'>): Uint8Array => {
    letters += 1;
    return writeLetter({
      to: [ADDRESS],
      subject: `Leak ${letters}`,
      date: clock.now(),
      messageId: `letter-${letters}@tenant.example`,
      ...letter,
    });
  };

  return {
    clock,
    pool,
    store,
    deps,
    bells,
    memory,
    mailbox,
    looks,
    errors,
    ingest,
    /** A letter of somebody new lies in the mailbox; answers their address. */
    customerWrites(subject?: string): string {
      const address = `customer${letters + 1}@tenant.example`;
      const letter = { from: address, text: `Water drips in room ${letters + 1}.` };
      mailbox.append('INBOX', write(subject === undefined ? letter : { ...letter, subject }), clock.now());
      return address;
    },
    /** A member answers the last mail that this address was sent. */
    async answers(from: string, notice: Mail, text: string): Promise<void> {
      const to = notice.replyTo.map(({ address }) => address);
      mailbox.append('INBOX', write({ from, to, subject: `Re: ${notice.subject}`, text }), clock.now());
    },
    /** The last mail sent to this address. */
    async mailTo(address: string): Promise<Mail> {
      const last = memory.delivered.findLast(({ envelopeTo }) => envelopeTo === address);
      if (last === undefined) throw new Error(`${address} was sent nothing`);
      return parseInProcess(last.raw);
    },
    /** Takes mail in and works until no bell, clock or sweep asks for more. */
    async settle(): Promise<void> {
      for (let pass = 0; pass < PASSES_MAX; pass += 1) {
        const before = bells.rung.length;
        await ingest();
        await bells.drain();
        while ((await escalateOverdue(deps)) > 0);
        while ((await watchParked(deps)) > 0);
        await sweepStale(deps);
        if (bells.rung.length === before && bells.waiting.length === 0) return;
      }
      throw new Error('the office does not come to rest');
    },
    /** Lets time pass up to there in steps of a sweep, and settles after each. */
    async passTime(until: Instant, step: Duration = 16 * SECOND): Promise<void> {
      while (clock.now() < until) {
        clock.set(Math.min(until, clock.now() + step));
        await this.settle();
      }
    },
    /** What `baton verify` says, with the mails of a sink where given; lines such as `I5 notices that are due …`. */
    async violations(sink: readonly SinkMail[] | null = null): Promise<string[]> {
      const { signal } = new AbortController();
      const audit = postgresAudit({ pool, time: clock });
      const report = await verify({ audit, readerOf: () => mailbox.reader, sink, signal });
      return report.violations.map(({ invariant, what }) => `${invariant} ${what}`);
    },
    async close(): Promise<void> {
      await deps.queue.close();
      await real.close();
    },
  };
}

/** A mail as smtp-sink stores it in a file. */
export const asDump = ({ envelopeFrom, envelopeTo, raw }: OutgoingMail): string =>
  [
    'X-Client-Addr: 127.0.0.1',
    'X-Client-Proto: ESMTP',
    'X-Helo-Args: localhost',
    `X-Mail-Args: <${envelopeFrom}>`,
    `X-Rcpt-Args: <${envelopeTo}>`,
    `Received: from localhost ([127.0.0.1])`,
    '\tby smtp-sink (smtp-sink) with ESMTP id 12345678;',
    `\tMon, 2 Mar 2026 09:00:00 +0000 (${createHash('sha256').update(raw).digest('hex').slice(0, 3)})`,
    `${Buffer.from(raw).toString('latin1').replaceAll('\r\n', '\n')}\n`,
  ].join('\n');

/** A store whose transactions meet other methods where `changes` has some. */
export function withTransactions(store: Store, changes: (tx: Transaction) => Partial<Transaction>): Store {
  return {
    ...store,
    transact: (inboxes, work) => store.transact(inboxes, (tx) => work({ ...tx, ...changes(tx) })),
  };
}
