/**
 * One inbox of the test company on real parts: its mailbox on Dovecot, the truth in PostgreSQL. Doorbells and outgoing
 * mail are the doubles in memory, and a test moves the clock.
 */

import { createHash } from 'node:crypto';
import { postgresAudit } from '../../../src/adapters/db/audit.ts';
import { postgresMailboxNotes } from '../../../src/adapters/db/mailbox-notes.ts';
import { postgresStore } from '../../../src/adapters/db/store.ts';
import { type ImapTimings, imapMailboxReader } from '../../../src/adapters/imap/mailbox-reader.ts';
import { composeMail } from '../../../src/adapters/smtp/compose.ts';
import { adoptPolicy } from '../../../src/app/adopt-policy.ts';
import { classifyMessages } from '../../../src/app/classify-message.ts';
import { deliverOutbox } from '../../../src/app/deliver-outbox.ts';
import { DEFAULT_LIMITS, type Deps } from '../../../src/app/deps.ts';
import { Failure } from '../../../src/app/failures.ts';
import { ingestMailbox } from '../../../src/app/ingest-mailbox.ts';
import { NoModel } from '../../../src/app/look-into.ts';
import type { Violation } from '../../../src/app/ports/audit.ts';
import type { MailboxReader, MailboxSession } from '../../../src/app/ports/mailbox-reader.ts';
import type { WatchedFolder } from '../../../src/app/ports/store.ts';
import { applyReplies } from '../../../src/app/replies/apply-reply.ts';
import { routeConversations } from '../../../src/app/route-conversation.ts';
import { sweepStale } from '../../../src/app/sweep-stale.ts';
import { verify } from '../../../src/app/verify.ts';
import { watchMailbox } from '../../../src/app/watch-mailbox.ts';
import { type Duration, MINUTE } from '../../../src/domain/instant.ts';
import { inProcessParser } from '../in-process-parser.ts';
import { writeLetter } from '../letters.ts';
import { MemoryQueue } from '../memory-queue.ts';
import { memorySender } from '../memory-sender.ts';
import { noSenderCheck } from '../no-sender-check.ts';
import { MONDAY, testPolicy } from '../policy.ts';
import { settableClock } from '../settable-clock.ts';
import { testPool } from '../store-database.ts';
import { type Dovecot, PASSWORD } from './dovecot.ts';
import { human } from './human.ts';

export const INBOX_ID = 'maintenance';
/** Small, so that a few letters are several batches. */
export const BATCH_MAX = 2;

export type Row = {
  readonly uidValidity: string;
  readonly uid: number;
  readonly rawHash: string | null;
  readonly stage: string;
  readonly disposition: string | null;
};

export type Watch = {
  /** Codes of what its connections ended with. */
  readonly troubles: readonly string[];
  /** How often it has read all that was there and begun to wait. */
  waits(): number;
  stop(): Promise<void>;
};

export type Office = Awaited<ReturnType<typeof openOffice>>;

export const sha256 = (raw: Uint8Array): string => createHash('sha256').update(raw).digest('hex');

export async function openOffice(dovecot: Dovecot, databaseUrl: string, user = dovecot.newUser()) {
  const clock = settableClock(MONDAY);
  const pool = testPool(databaseUrl);
  const store = postgresStore({ pool, time: clock });
  const notes = postgresMailboxNotes({ pool, time: clock });
  const queue = new MemoryQueue();
  const sender = memorySender();
  const person = human({ port: dovecot.port, user, password: PASSWORD });
  const logged: string[] = [];
  const note = (_: object, message: string) => void logged.push(message);
  const errors: unknown[] = [];
  const watches: Watch[] = [];
  let texts = 0;
  let letters = 0;

  const deps: Deps = {
    store,
    queue,
    parser: inProcessParser(),
    senderCheck: noSenderCheck,
    composer: { compose: composeMail },
    senderOf: () => sender.sender,
    clock,
    policy: () => policy,
    secret: 'a secret for tests',
    model: NoModel,
    newTextId: () => `text-${++texts}`,
    limits: { ...DEFAULT_LIMITS, batchMessagesMax: BATCH_MAX },
    log: { info: note, warn: note, error: note },
  };
  const looks = {
    classify: (ids: readonly number[]) => classifyMessages(deps, ids),
    route: (ids: readonly number[]) => routeConversations(deps, ids),
    reply: (ids: readonly number[]) => applyReplies(deps, ids),
    deliver: (ids: readonly number[]) => deliverOutbox(deps, ids).then(() => {}),
  };
  for (const [bell, look] of Object.entries(looks) as [keyof typeof looks, (typeof looks)['classify']][]) {
    await queue.listen(bell, (ids) =>
      look(ids).catch((error: unknown) => {
        errors.push(error);
        throw error;
      }),
    );
  }
  const policy = await adoptPolicy(deps, testPolicy());

  const reader = (timings: Partial<ImapTimings> = {}): MailboxReader =>
    imapMailboxReader({
      host: '127.0.0.1',
      port: dovecot.port,
      tls: 'none',
      user,
      password: PASSWORD,
      timings,
    });
  const watched = (folder: string): WatchedFolder => ({
    inboxId: INBOX_ID,
    folder,
    role: 'inbox',
    startFrom: null,
  });

  /** One visit, as somebody who came by and goes again. Answers how many messages were stored. */
  async function ingest(folder = 'INBOX', from: MailboxReader = reader()): Promise<number> {
    const { signal } = new AbortController();
    const lease = await store.leaseMailbox(watched(folder), 'a visitor', MINUTE);
    if (lease.type === 'taken') throw new Error(`somebody else watches ${folder}`);
    const session = await from.open(folder, signal);
    try {
      return await ingestMailbox(deps, lease.mailbox, session, signal);
    } finally {
      await session.close();
      await store.releaseMailbox(lease.mailbox);
    }
  }

  /** A poller that goes on until stopped, with pauses that are over at once. */
  function watch(folder = 'INBOX', from: MailboxReader = reader()): Watch {
    const stop = new AbortController();
    const troubles: string[] = [];
    let waits = 0;
    const told = overheard(from, {
      called: (name) => {
        if (name === 'waitForNews') waits += 1;
      },
      failed: (code) => {
        if (!stop.signal.aborted) troubles.push(code);
      },
    });
    const ended = watchMailbox(
      {
        ...deps,
        reader: told,
        notes,
        junk: null,
        holder: `watch ${watches.length}`,
        pause: (ms, signal) => shortPause(ms, signal),
        random: () => 0,
        onState: () => {},
      },
      watched(folder),
      stop.signal,
    );
    const watch = {
      troubles,
      waits: () => waits,
      stop: async () => {
        stop.abort();
        await ended;
      },
    };
    watches.push(watch);
    return watch;
  }

  const rows = async (): Promise<Row[]> => {
    const { rows } = await pool.query<Row>(
      `SELECT uid_validity::text AS "uidValidity", uid, raw_hash AS "rawHash", stage, disposition
       FROM message ORDER BY id`,
    );
    return rows;
  };

  return {
    user,
    databaseUrl,
    clock,
    store,
    queue,
    person,
    logged,
    reader,
    watched,
    ingest,
    watch,
    rows,
    /** A letter of somebody who never wrote before. */
    newLetter(): Uint8Array {
      letters += 1;
      return writeLetter({
        from: `Customer ${letters} <customer${letters}@tenant.example>`,
        to: ['maintenance@elm.example'],
        subject: `Dripping tap ${letters}`,
        text: `The tap number ${letters} drips.`,
        date: clock.now(),
        messageId: `letter-${letters}@tenant.example`,
      });
    },
    /** Bells are answered until none is left; with `later` those that were lost are rung by the sweep at that time. */
    async settle(later: Duration = 0): Promise<void> {
      if (later > 0) {
        clock.advance(later);
        await sweepStale(deps);
      }
      await queue.drain();
      if (errors.length > 0) throw errors[0];
    },
    /** Whom an acknowledgement was sent to, one entry for each, in order of their numbers. */
    acknowledged: (): string[] =>
      sender.delivered
        .filter(({ raw }) => /^X-Baton-Notice: acknowledgement\r$/im.test(Buffer.from(raw).toString()))
        .map(({ envelopeTo }) => envelopeTo)
        .sort((a, b) => a.localeCompare(b, 'en', { numeric: true })),
    /** What `baton verify` finds wrong. */
    violations: async (): Promise<readonly Violation[]> => {
      const audit = postgresAudit({ pool, time: clock });
      const { signal } = new AbortController();
      return (await verify({ audit, readerOf: () => reader(), sink: null, signal })).violations;
    },
    /** Whether the server still holds each of these under the flags it had. */
    flags: () => person.flags('INBOX'),
    async close(): Promise<void> {
      await Promise.all(watches.map((watch) => watch.stop()));
      await store.close();
    },
  };
}

export const customers = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `customer${at + 1}@tenant.example`);

/** Watches for the lease's beat wait as long as they must; the pause before connecting anew would only cost time. */
const shortPause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, 50));
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });

/** Something happens once, just before the first such call of a session. */
export function interrupted(
  reader: MailboxReader,
  call: 'listAfter' | 'fetch' | 'fetchHeaders',
  deed: () => Promise<void>,
): MailboxReader {
  let isDone = false;
  return overheard(reader, {
    async called(name) {
      if (name !== call || isDone) return;
      isDone = true;
      await deed();
    },
    failed: () => {},
  });
}

type Ears = { called(name: string): Promise<void> | void; failed(code: string): void };

function overheard(reader: MailboxReader, ears: Ears): MailboxReader {
  const listening = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          await ears.called(String(key));
          try {
            const answer: unknown = await Reflect.apply(value, target, args);
            return key === 'open' ? listening(answer as MailboxSession) : answer;
          } catch (error) {
            ears.failed(error instanceof Failure ? error.code : String(error));
            throw error;
          }
        };
      },
    });
  return listening(reader);
}
