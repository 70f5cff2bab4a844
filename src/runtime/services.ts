/** Builds what the workers work with from a configuration, and closes it again in the opposite order. */
import { randomUUID } from 'node:crypto';
import { postgresCanaries } from '../adapters/db/canaries.ts';
import { databaseClock } from '../adapters/db/database-clock.ts';
import { postgresGauges } from '../adapters/db/gauges.ts';
import { postgresMailboxNotes } from '../adapters/db/mailbox-notes.ts';
import { postgresOutages } from '../adapters/db/outages.ts';
import { postgresPages } from '../adapters/db/pages.ts';
import { createPool, type Pool } from '../adapters/db/pool.ts';
import { postgresRetention } from '../adapters/db/retention.ts';
import { postgresShadowTimes } from '../adapters/db/shadow-times.ts';
import { postgresStore } from '../adapters/db/store.ts';
import { openParserPool } from '../adapters/mime/parser-pool.ts';
import type { ReadLimits } from '../adapters/mime/read-limits.ts';
import { bullQueue, type QueueLog } from '../adapters/queue/bull-queue.ts';
import { checkRedis } from '../adapters/queue/check-redis.ts';
import { composeMail } from '../adapters/smtp/compose.ts';
import { type HeldModel, heldModel } from '../app/current-model.ts';
import { DEFAULT_LIMITS, type Deps, type Limits } from '../app/deps.ts';
import type { AccessTokens } from '../app/ports/access-tokens.ts';
import type { Canaries } from '../app/ports/canaries.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { Gauges } from '../app/ports/gauges.ts';
import type { Log } from '../app/ports/log.ts';
import type { MailParser } from '../app/ports/mail-parser.ts';
import type { MailSender } from '../app/ports/mail-sender.ts';
import type { MailboxNotes } from '../app/ports/mailbox-notes.ts';
import type { MailboxReader } from '../app/ports/mailbox-reader.ts';
import { type Measures, NoMeasures } from '../app/ports/measures.ts';
import type { Outages } from '../app/ports/outages.ts';
import type { Pages } from '../app/ports/pages.ts';
import type { Queue } from '../app/ports/queue.ts';
import type { Retention } from '../app/ports/retention.ts';
import type { SenderCheck } from '../app/ports/sender-check.ts';
import type { ShadowTimes } from '../app/ports/shadow.ts';
import type { Ticks } from '../app/ports/ticks.ts';
import type { Config } from '../config/schema.ts';
import type { InboxId } from '../domain/ids.ts';
import { type BoardServices, boardServices } from './board-services.ts';
import { openDatabase } from './database.ts';
import { type LearningServices, learningServices } from './learning.ts';
import { type MailLogin, mailLogin } from './mail-login.ts';
import { measuredSender, measuredStore } from './measured.ts';
import { Pulse } from './pulse.ts';
import { Settings } from './settings.ts';
import type { VirtualClock } from './virtual-clock.ts';

export type Services = {
  readonly deps: Deps;
  readonly ticks: Ticks;
  readonly notes: MailboxNotes;
  readonly outages: Outages;
  readonly gauges: Gauges;
  readonly canaries: Canaries;
  readonly pages: Pages;
  readonly shadowTimes: ShadowTimes;
  readonly settings: Settings;
  readonly retention: Retention;
  readonly learning: LearningServices;
  readonly board: BoardServices;
  /** Tells whoever started it. */
  readonly say: (line: string) => void;
  /** The one in use, as far as this process has looked: see followModel. */
  readonly model: HeldModel;
  /** What this process counts of its own work. */
  readonly measures: Measures;
  /** Whether its loops turn. */
  readonly pulse: Pulse;
  /** A fresh reader with the settings of the moment. */
  readonly readerOf: (inbox: InboxId) => MailboxReader;
  readonly tokens: AccessTokens;
  /** Resolves when time passes by itself. A demo skips hours, and a mailbox is not silent for that. */
  readonly timeRuns: Promise<void>;
  /** Puts a new configuration into force. */
  readonly reconfigure: (config: Config) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type ServiceOptions = {
  readonly config: Config;
  readonly log: Log;
  /** Told in words how the start goes. */
  readonly say: (line: string) => void;
  /** Only the demo has a clock of its own; in production the database tells the time. */
  readonly virtualClock?: VirtualClock;
  readonly limits?: Partial<Limits>;
  /** Absent: nothing is counted. */
  readonly measures?: Measures;
  /** All workers will run on it. */
  readonly isWhole?: boolean;
};

export async function startServices(options: ServiceOptions): Promise<Services> {
  const { config, log, say, virtualClock, measures = NoMeasures, isWhole = false } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    const database = await openDatabase(config, say, { isWhole });
    closers.push(database.stop);
    const pool = createPool(database.url);
    const time = virtualClock ?? 'database';
    const store = measuredStore(postgresStore({ pool, time }), measures);
    closers.push(() => store.close());
    const clock = virtualClock ?? (await clockOf(pool, closers));
    const settings = await Settings.adopt({ store, log }, config);
    const parser = lazyParser(config);
    closers.push(() => parser.close());
    const login = mailLogin(pool, () => settings.config);
    const senders = senderPool(settings, login, measures);
    closers.push(() => senders.close());
    // Closed before what its handlers work with: they finish what they have in hand.
    const queue = await openQueue(config, database.url, log, say);
    closers.push(() => queue.close());

    const learning = learningServices(pool, time);
    const model = heldModel({ models: learning.models, policy: () => settings.policy, log });
    const deps: Deps = {
      store,
      queue,
      parser,
      senderCheck: lazySenderCheck(),
      composer: { compose: composeMail },
      senderOf: senders.of,
      clock,
      policy: () => settings.policy,
      secret: config.secret,
      model,
      newTextId: randomUUID,
      limits: limitsOf(config, options.limits),
      log,
    };
    const reconfigure = (next: Config) => settings.replace({ store, log }, next);
    const notes = postgresMailboxNotes({ pool, time });
    const outages = postgresOutages({ pool, time });
    const gauges = postgresGauges({ pool, time });
    const canaries = postgresCanaries({ pool, time });
    const pages = postgresPages({ pool, time });
    const shadowTimes = postgresShadowTimes({ pool, time });
    const retention = postgresRetention({ pool, time });
    return {
      deps,
      ticks: queue,
      notes,
      outages,
      gauges,
      canaries,
      pages,
      shadowTimes,
      retention,
      learning,
      board: boardServices(pool, time, () => settings.policy),
      say,
      model,
      measures,
      pulse: new Pulse(),
      settings,
      readerOf: (id) => login.reader(id),
      tokens: login.tokens,
      timeRuns: virtualClock?.runs ?? Promise.resolve(),
      reconfigure,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function clockOf(pool: Pool, closers: (() => Promise<void>)[]): Promise<Clock> {
  const clock = await databaseClock(pool);
  closers.push(async () => clock.close());
  return clock;
}

const REDIS_AWAY =
  'Redis does not answer. Mail goes on all the same, each of its steps some seconds later: workers look for work by ' +
  'themselves until Redis is back; nothing needs to be done here then.';
const REDIS_BACK = 'Redis answers again. Workers are called as soon as there is work.';

async function openQueue(
  { redis }: Config,
  databaseUrl: string,
  log: Log,
  say: (line: string) => void,
): Promise<Queue & Ticks> {
  const queueLog: QueueLog = (level, message, details = {}) => {
    if (level !== 'debug') log[level]({ step: 'queue', ...details }, message);
  };
  if (redis.url === undefined)
    return bullQueue({ backend: { type: 'postgres', url: databaseUrl }, log: queueLog });
  const isAway = (await checkRedis(redis.url)) === 'away';
  if (isAway) say(REDIS_AWAY);
  const tell = (isGone: boolean) => say(isGone ? REDIS_AWAY : REDIS_BACK);
  return bullQueue({
    backend: { type: 'redis', url: redis.url },
    log: queueLog,
    watch: { tell, isAway },
  });
}

function limitsOf({ limits }: Config, given: Partial<Limits> = {}): Limits {
  const { messageMaxBytes: messageBytesMax, batchMessagesMax } = limits;
  return { ...DEFAULT_LIMITS, messageBytesMax, batchMessagesMax, ...given };
}

function readLimitsOf(parse: Config['limits']['parse']): ReadLimits {
  return {
    headerBytesMax: parse.headerKb * 1_024,
    addressesMax: parse.addresses,
    partsMax: parse.parts,
    nestingMax: parse.nesting,
    attachmentsMax: parse.attachments,
    textCharactersMax: parse.textKb * 1_024,
    htmlBytesMax: parse.htmlMb * 1_048_576,
    containerBytesMax: parse.containerMb * 1_048_576,
    calendarBytesMax: parse.calendarKb * 1_024,
  };
}

/** Only some workers read mails: the others start no parser child. */
function lazyParser({ limits }: Config): MailParser {
  let parser: MailParser | null = null;
  const opened = (): MailParser => {
    parser ??= openParserPool({
      cpuMsMax: limits.parse.cpuSeconds * 1_000,
      residentBytesMax: limits.parse.memoryMb * 1_048_576,
      read: readLimitsOf(limits.parse),
    });
    return parser;
  };
  return {
    parse: (raws) => opened().parse(raws),
    extractReply: (jobs) => opened().extractReply(jobs),
    readFiles: (raw, bounds) => opened().readFiles(raw, bounds),
    close: async () => parser?.close(),
  };
}

/** Only the classifier of an inbox that checks senders itself needs it, and it takes a while to load. */
function lazySenderCheck(): SenderCheck {
  let loaded: Promise<SenderCheck> | null = null;
  const load = async () => (await import('../adapters/auth/mailauth-check.ts')).mailauthCheck();
  return {
    async check(raw, question) {
      loaded ??= load();
      return (await loaded).check(raw, question);
    },
  };
}

/** One pooled sender per inbox, replaced when its settings change. */
function senderPool(settings: Settings, login: MailLogin, measures: Measures) {
  const open = new Map<InboxId, { readonly key: string; readonly sender: MailSender }>();
  return {
    of(id: InboxId): MailSender {
      const { smtp } = settings.inbox(id);
      const key = JSON.stringify(smtp);
      const known = open.get(id);
      if (known?.key === key) return known.sender;
      const sender = measuredSender(login.sender(id), id, measures);
      open.set(id, { key, sender });
      known?.sender.close();
      return sender;
    },
    close: async () => {
      await Promise.all([...open.values()].map(({ sender }) => sender.close()));
    },
  };
}
