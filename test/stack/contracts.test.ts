/** The contract suites on servers that nobody here wrote: Dovecot, Redis, Debian's PostgreSQL, Postfix' smtp-sink. */
import { afterAll, beforeAll } from 'vitest';
import { postgresStore } from '../../src/adapters/db/store.ts';
import { type ImapTimings, imapMailboxReader } from '../../src/adapters/imap/mailbox-reader.ts';
import { bullQueue } from '../../src/adapters/queue/bull-queue.ts';
import { smtpMailSender } from '../../src/adapters/smtp/mail-sender.ts';
import { describeMailSender, type SenderWorld } from '../contract/mail-sender.contract.ts';
import { describeMailboxReader, type MailboxWorld } from '../contract/mailbox-reader.contract.ts';
import { describeQueue } from '../contract/queue.ts';
import { describeStore } from '../contract/store-suite.ts';
import { describeTicks } from '../contract/ticks.ts';
import { MONDAY } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';
import { type Dovecot, PASSWORD, startDovecot } from '../support/stack/dovecot.ts';
import { human } from '../support/stack/human.ts';
import { startPostgres } from '../support/stack/postgres.ts';
import { startRedis } from '../support/stack/redis.ts';
import { type SmtpSink, startSmtpSink } from '../support/stack/smtp-sink.ts';
import { describeOn, useServer } from '../support/stack/use-server.ts';
import {
  emptyDatabase,
  type MigratedDatabases,
  startMigratedDatabases,
  testPool,
} from '../support/store-database.ts';
import { waitUntil } from '../support/wait-until.ts';

describeOn(['dovecot'], 'on Dovecot', () => {
  const dovecot = useServer(startDovecot);
  describeMailboxReader('imapflow and Dovecot', async () => mailboxWorld(dovecot()));
});

// Hazards 11: without IDLE, CONDSTORE, UIDPLUS and all else that came after RFC 3501, the results are the same.
describeOn(['dovecot'], 'on a Dovecot that offers nothing but IMAP4rev1', () => {
  const dovecot = useServer(() => startDovecot({ capability: 'IMAP4rev1' }));
  describeMailboxReader('imapflow and the bare server', async () => {
    // News come with the proof of life that follows each slice, since no IDLE brings them.
    return mailboxWorld(dovecot(), { idleSliceMs: 50 });
  });
});

function mailboxWorld(dovecot: Dovecot, timings: Partial<ImapTimings> = {}): MailboxWorld {
  const { port, newUser, setUidValidity, signalSessions } = dovecot;
  const user = newUser();
  const person = human({ port, user, password: PASSWORD });
  return {
    reader: imapMailboxReader({ host: '127.0.0.1', port, tls: 'none', user, password: PASSWORD, timings }),
    append: person.append,
    expunge: person.expunge,
    changeUidValidity: (folder) => setUidValidity(user, folder, 99),
    dropConnections: () => void signalSessions(user, 'SIGKILL'),
    flags: person.flags,
    close: async () => {},
  };
}

describeOn(['redis'], 'on Redis', () => {
  const redis = useServer(startRedis);
  describeQueue('BullMQ on Redis', async () => {
    const { url, flushAll, count } = redis();
    await flushAll();
    const queue = await bullQueue({ backend: { type: 'redis', url }, retryAfterMs: 10 });
    return {
      queue,
      until: (isDone) => waitUntil('the bells', isDone),
      // A job that ended well leaves no trace, so whatever is numbered still waits or runs.
      quiet: (bell) => waitUntil(`no ${bell} left`, async () => (await count(`*:${bell}:[0-9]*`)) === 0),
      end: async () => undefined,
    };
  });
  describeTicks('BullMQ on Redis', async () => {
    const { url, flushAll, count } = redis();
    await flushAll();
    return {
      open: () => bullQueue({ backend: { type: 'redis', url } }),
      lose: flushAll,
      left: () => count('baton:tick:repeat:tick:*[0-9]'),
      end: async () => undefined,
    };
  });
});

describeOn(['postgres'], "on Debian's PostgreSQL", () => {
  let databases: MigratedDatabases;
  let url: string;
  const postgres = useServer(startPostgres);
  beforeAll(async () => {
    databases = await startMigratedDatabases(async () => ({ ...postgres(), end: async () => {} }));
    url = await databases.fresh();
  });
  afterAll(() => databases?.end());
  describeStore("Debian's PostgreSQL", async () => {
    const clock = settableClock(MONDAY);
    await emptyDatabase(url);
    const store = postgresStore({ pool: testPool(url), time: clock });
    return { store, clock, close: () => store.close() };
  });
});

describeOn(['smtp-sink'], "on Postfix' smtp-sink", () => {
  const sink = useServer(startSmtpSink);
  describeMailSender("nodemailer and Postfix' smtp-sink", async (): Promise<SenderWorld> => {
    await sink().restart();
    sink().forget();
    return senderWorld(sink());
  });
});

type Trouble = Parameters<SenderWorld['next']>[0];
const FLAGS: Readonly<Record<Trouble, readonly string[]>> = {
  'refused-for-now': ['-r', 'RCPT'],
  'refused-for-good': ['-f', 'RCPT'],
  'lost-reply': ['-q', '.'],
  'login-refused': ['-f', 'AUTH'],
};

/** The sink's faults hold for all mails, so it is begun anew around the one that is to meet them. */
function senderWorld(sink: SmtpSink): SenderWorld {
  const { port } = sink;
  const login = { user: 'office', password: 'secret' };
  const sender = smtpMailSender({ host: '127.0.0.1', port, tls: 'none', ...login });
  let trouble: Trouble | null = null;
  return {
    sender: {
      check: () => sender.check(),
      async send(mail) {
        const meets = trouble;
        trouble = null;
        if (meets === null) return sender.send(mail);
        await sink.restart(FLAGS[meets]);
        const outcome = await sender.send(mail);
        await sink.restart();
        return outcome;
      },
      close: () => sender.close(),
    },
    delivered: () => sink.mails(),
    next: (next) => {
      trouble = next;
    },
    close: async () => {},
  };
}
