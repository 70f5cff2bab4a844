/**
 * Everything that the demo runs on, in one process and with nothing left behind: a mail server with the two shared
 * mailboxes, the embedded database under a folder of its own, the real workers, and a clock that can be moved.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteHeldWatch } from '../../adapters/db/pending-work.ts';
import { createPool, type Pool } from '../../adapters/db/pool.ts';
import { parseInProcess } from '../../adapters/mime/parse-mail.ts';
import { smtpMailSender } from '../../adapters/smtp/mail-sender.ts';
import type { Log } from '../../app/ports/log.ts';
import type { MailSender } from '../../app/ports/mail-sender.ts';
import { loadConfig } from '../../config/load.ts';
import { formatProblems } from '../../config/problems.ts';
import type { Config } from '../../config/schema.ts';
import type { Instant } from '../../domain/instant.ts';
import { headerValues } from '../../domain/message.ts';
import { untilAtRest } from '../at-rest.ts';
import { joinDatabase } from '../database.ts';
import { noteDemoTime } from '../demo-time.ts';
import { removeEmbeddedPostgres } from '../embedded-postgres.ts';
import { foldersToWatch } from '../folders.ts';
import { type MailServer, startMailServer } from '../mail-server/mail-server.ts';
import { type Services, startServices } from '../services.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';
import { type CompanySettings, companyConfig, MAINTENANCE, OFFICE, PASSWORD } from './company.ts';
import type { Delivery, Received } from './world.ts';

/** Starts the workers; resolves when they run. What it answers resolves when they have ended after the abort. */
export type StartWork = (services: Services, signal: AbortSignal) => Promise<{ ended: Promise<unknown> }>;

export type StageOptions = {
  readonly start: Instant;
  readonly startWork: StartWork;
  readonly log: Log;
  readonly say: (line: string) => void;
  /** Hears of every mail that Baton sends; what it throws is the answer "not now" of the recipient's server. */
  readonly onReceived: (received: Received) => void;
};

export type Sent = { readonly at: Instant; readonly from: string; readonly raw: Uint8Array };

export type Stage = {
  readonly services: Services;
  readonly clock: VirtualClock;
  readonly pool: Pool;
  readonly server: MailServer;
  readonly received: readonly Received[];
  /** What was handed to the mail server in people's names. */
  readonly sent: readonly Sent[];
  deliver(deliveries: readonly Delivery[]): Promise<void>;
  /** The configuration is edited and put into force. */
  noteLuis(): Promise<void>;
  /** From here on the manager gets the mails that come by the clock alone. */
  letDanaRead(): Promise<void>;
  untilAtRest(signal: AbortSignal): Promise<void>;
  /** From here on its time passes by itself, for its workers and for commands alike; call it at rest. */
  letTimeRun(): Promise<void>;
  /** The file that commands are given to look at all this. */
  readonly configFile: string;
  /** Mails that the mailboxes hold. */
  mailsHeld(): number;
  close(): Promise<void>;
};

export async function openStage(options: StageOptions): Promise<Stage> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    const failures: unknown[] = [];
    // One that fails must not leave the others, and a database on the disk, behind.
    for (const closeOne of closers.splice(0).reverse()) {
      await closeOne().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    return await build(options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  { start, startWork, log, say, onReceived }: StageOptions,
  closers: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Stage> {
  const clock = virtualClock(start);
  const received: Received[] = [];
  const sent: Sent[] = [];
  const server = await serverFor(clock, received, onReceived);
  closers.push(() => server.close());

  const folder = await mkdtemp(join(tmpdir(), 'baton-demo-'));
  // Passable, so that as root the database's own user can get to its part of it.
  await chmod(folder, 0o711);
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const configFile = join(folder, 'baton.yaml');
  const readConfig = configIn(configFile, server);
  const config = await readConfig({ luisIsNoted: false, danaReads: false });
  closers.push(() => removeEmbeddedPostgres({ dataDir: config.data }));
  const services = await startServices({ config, log, say, virtualClock: clock });
  closers.push(() => services.close());
  const pool = createPool(await joinDatabase(config), { max: 2, applicationName: 'baton-demo' });
  closers.push(() => pool.end());
  const stop = new AbortController();
  const { ended } = await startWork(services, stop.signal);
  closers.push(() => {
    stop.abort();
    return ended;
  });
  const outside = smtpMailSender({ host: '127.0.0.1', port: server.smtpPort, tls: 'none' });
  closers.push(() => outside.close());

  const uids = (inboxId: string, name: string) => [
    ...server.flags(config.inboxes[inboxId]?.imap.user ?? '', name).keys(),
  ];
  const folders = foldersToWatch(config);
  return {
    services,
    clock,
    pool,
    server,
    received,
    sent,
    close,
    configFile,
    async letTimeRun() {
      await noteHeldWatch(pool, clock);
      clock.letRun();
      await noteDemoTime(config.data, clock);
    },
    async deliver(deliveries) {
      for (const one of deliveries) {
        await deliverOne(server, outside, one);
        if (one.by === 'smtp') sent.push({ at: clock.now(), from: one.from, raw: one.raw });
      }
    },
    noteLuis: async () => services.reconfigure(await readConfig({ luisIsNoted: true, danaReads: false })),
    letDanaRead: async () => services.reconfigure(await readConfig({ luisIsNoted: true, danaReads: true })),
    untilAtRest: (signal) =>
      untilAtRest({
        pool,
        time: clock,
        signal,
        highestUids: () =>
          new Map(
            folders.map((one) => [
              `${one.inboxId}/${one.folder}`,
              Math.max(0, ...uids(one.inboxId, one.folder)),
            ]),
          ),
      }),
    mailsHeld: () => folders.reduce((sum, one) => sum + uids(one.inboxId, one.folder).length, 0),
  };
}

/** The shared mailboxes; mail to anybody else is kept, read, for its recipient. */
function serverFor(
  clock: VirtualClock,
  received: Received[],
  onReceived: StageOptions['onReceived'],
): Promise<MailServer> {
  return startMailServer({
    mailboxes: [MAINTENANCE, OFFICE].map((user) => ({
      user,
      password: PASSWORD,
      folders: ['INBOX', 'Sent'],
    })),
    now: clock.now,
    onMail: async ({ from, to }, raw) => {
      const mail = await parseInProcess(raw);
      const kind = headerValues(mail, 'x-baton-notice')[0] ?? null;
      for (const address of to) {
        const one = { at: clock.now(), to: address, from, raw, mail, kind };
        onReceived(one);
        received.push(one);
      }
    },
  });
}

type Noted = Pick<CompanySettings, 'luisIsNoted' | 'danaReads'>;

/** Writes the configuration as the users of the company would, and reads it back as Baton does. */
function configIn(path: string, { imapPort, smtpPort }: MailServer): (noted: Noted) => Promise<Config> {
  const secret = randomBytes(32).toString('hex');
  return async (noted) => {
    // Nobody has to set anything to use it; in a real one secrets come from the environment or from files.
    await writeFile(path, companyConfig({ imapPort, smtpPort, secret, ...noted }), { mode: 0o600 });
    const loaded = loadConfig(path, {});
    if (!loaded.ok) throw new Error(`the demo's configuration is wrong:\n${formatProblems(loaded.problems)}`);
    return loaded.config;
  };
}

async function deliverOne(server: MailServer, outside: MailSender, delivery: Delivery): Promise<void> {
  if (delivery.by === 'append') {
    server.append(delivery.user, delivery.folder, delivery.raw, delivery.at);
    return;
  }
  const { from, to, raw } = delivery;
  const outcome = await outside.send({ envelopeFrom: from, envelopeTo: to, raw });
  if (outcome.type !== 'accepted')
    throw new Error(`the demo's own mail server refused a mail: ${outcome.response}`);
}
