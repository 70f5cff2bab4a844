/**
 * A whole Baton on doubles: mailboxes, database, doorbells and mail server in memory, the real parser and composer,
 * and a clock that a test moves. What the workers do when a bell rings, `settle` does.
 *
 * `cut` makes the process die at a chosen call of a port: that call and every later one throw, until `restart` puts
 * a new process in front of the same database, mailboxes, sent mail and clock.
 */

import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { composeMail } from '../../src/adapters/smtp/compose.ts';
import { adoptPolicy } from '../../src/app/adopt-policy.ts';
import { classifyMessages } from '../../src/app/classify-message.ts';
import { deliverOutbox } from '../../src/app/deliver-outbox.ts';
import { DEFAULT_LIMITS, type Deps, type Limits } from '../../src/app/deps.ts';
import { escalateOverdue } from '../../src/app/escalate-overdue.ts';
import { ingestMailbox } from '../../src/app/ingest-mailbox.ts';
import { lookBackAt, readMailboxes } from '../../src/app/look-back.ts';
import { NoModel } from '../../src/app/look-into.ts';
import type { Log } from '../../src/app/ports/log.ts';
import type { MailParser } from '../../src/app/ports/mail-parser.ts';
import type { OutgoingMail } from '../../src/app/ports/mail-sender.ts';
import type { CurrentModel } from '../../src/app/ports/model.ts';
import { NoBells, type Queue } from '../../src/app/ports/queue.ts';
import type { SenderCheck } from '../../src/app/ports/sender-check.ts';
import type { WatchedFolder } from '../../src/app/ports/store.ts';
import { releaseAbsentMembers } from '../../src/app/release-absent-members.ts';
import { releaseFormerMembers } from '../../src/app/release-former-members.ts';
import { applyReplies } from '../../src/app/replies/apply-reply.ts';
import { routeConversations } from '../../src/app/route-conversation.ts';
import { standingMails } from '../../src/app/send-digests.ts';
import { sendLookBack } from '../../src/app/send-look-back.ts';
import { sweepStale } from '../../src/app/sweep-stale.ts';
import { watchParked } from '../../src/app/watch-parked.ts';
import type { InboxId } from '../../src/domain/ids.ts';
import { DAY, type Duration, type Instant, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Mail } from '../../src/domain/message.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { nextStandingMailAt, StandingKinds } from '../../src/domain/standing-mails.ts';
import { inProcessParser } from './in-process-parser.ts';
import { type MemoryMailbox, memoryMailbox } from './memory-mailbox.ts';
import { pastMailboxOf } from './memory-past-mailbox.ts';
import { MemoryQueue } from './memory-queue.ts';
import { type MemorySender, memorySender } from './memory-sender.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import { noSenderCheck } from './no-sender-check.ts';
import { MONDAY, testPolicy } from './policy.ts';
import { type SettableClock, settableClock } from './settable-clock.ts';

/** The process died: thrown by the call at which it was cut, and by every call after that. */
export class Died extends Error {}

export type SentMail = {
  readonly outgoing: OutgoingMail;
  readonly mail: Mail;
  /** The kind of notice. */
  readonly kind: string;
};

export type WorldOptions = {
  readonly policy?: Policy;
  readonly start?: Instant;
  readonly secret?: string;
  /** What was learned; absent: nothing. */
  readonly model?: CurrentModel;
  readonly limits?: Partial<Limits>;
  /** Reads mails in place of the real parser. */
  readonly parser?: MailParser;
  /** Asked where a policy rests on our own check. */
  readonly senderCheck?: SenderCheck;
  /** What becomes of doorbells on their way. */
  readonly bells?: (queue: MemoryQueue) => Queue['ring'];
};

export type World = {
  readonly clock: SettableClock;
  readonly store: MemoryStore;
  readonly sender: MemorySender;
  readonly policy: () => Policy;
  /** What its workers are given. */
  readonly deps: () => Deps;
  readonly mailboxOf: (inbox: InboxId) => MemoryMailbox;
  /** Everything that a use case threw, as the queue would log it. */
  readonly errors: unknown[];
  /** The calls of ports so far, each before and after it. */
  readonly calls: string[];
  /** A changed configuration comes into force. */
  configure(policy: Policy): Promise<void>;
  deliver(inbox: InboxId, raw: Uint8Array, options?: { folder?: string; receivedAt?: Instant }): void;
  /** Takes in what is there and works until nothing is left that a bell, a clock or the sweep asks for now. */
  settle(): Promise<void>;
  /** Lets time pass, stopping at each instant at which something is due. */
  advanceTo(at: Instant): Promise<void>;
  advance(by: Duration): Promise<void>;
  /** Settles, and waits for the sweep and for ended leases, until nothing is left undone. */
  recover(): Promise<void>;
  /** What the mail server took, in order. */
  sent(): Promise<readonly SentMail[]>;
  /** The process dies when `calls` has this length. */
  cut(at: number): void;
  restart(): Promise<void>;
  /** What `baton lookback --send` does for this inbox, with 30 days. */
  lookBack(inbox: InboxId): Promise<void>;
};

export const FOLDERS = [
  { folder: 'INBOX', role: 'inbox' },
  { folder: 'Sent', role: 'sent' },
] as const;

/** Small, so that a mail beyond it is made quickly. */
const MESSAGE_BYTES_MAX = 1_048_576;
/** Enough for anything that ends; more passes without rest are a bug. */
const PASSES_MAX = 200;
const PATIENCE: Duration = 16 * SECOND;

const silent: Log = { info() {}, warn() {}, error() {} };

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const clock = settableClock(options.start ?? MONDAY);
  const mortal = mortality();
  const store = memoryStore({ clock, onCall: mortal.onCall });
  const sender = memorySender();
  const mailboxes = new Map<InboxId, MemoryMailbox>();
  const errors: unknown[] = [];
  const parsed: SentMail[] = [];
  let texts = 0;
  let configured = options.policy ?? testPolicy();
  let policy = configured;
  let running = await start();

  async function start() {
    const queue = new MemoryQueue();
    const rings = options.bells?.(queue) ?? ((bell, ids) => queue.ring(bell, ids));
    const deps: Deps = {
      store,
      queue: watched('queue', { ...NoBells, ring: rings }, mortal.onCall),
      parser: watched('parser', options.parser ?? inProcessParser(), mortal.onCall),
      senderCheck: options.senderCheck ?? noSenderCheck,
      composer: { compose: composeMail },
      senderOf: () => watched('sender', sender.sender, mortal.onCall),
      clock,
      policy: () => policy,
      model: options.model ?? NoModel,
      secret: options.secret ?? 'a secret for tests',
      newTextId: () => `text-${++texts}`,
      limits: { ...DEFAULT_LIMITS, messageBytesMax: MESSAGE_BYTES_MAX, ...options.limits },
      log: silent,
    };
    const looks = {
      classify: (ids: readonly number[]) => classifyMessages(deps, ids),
      route: (ids: readonly number[]) => routeConversations(deps, ids),
      reply: (ids: readonly number[]) => applyReplies(deps, ids),
      deliver: (ids: readonly number[]) => deliverOutbox(deps, ids).then(() => {}),
    };
    for (const [bell, look] of Object.entries(looks) as [keyof typeof looks, Look][]) {
      await queue.listen(bell, (ids) => look(ids).catch(noteAndThrow));
    }
    policy = await adoptPolicy(deps, configured);
    return { queue, deps, standing: standingMails() };
  }

  type Look = (ids: readonly number[]) => Promise<void>;

  function noteAndThrow(error: unknown): never {
    if (!(error instanceof Died)) errors.push(error);
    throw error;
  }

  function mailboxOf(inbox: InboxId): MemoryMailbox {
    const mailbox = mailboxes.get(inbox) ?? memoryMailbox(FOLDERS.map(({ folder }) => folder));
    mailboxes.set(inbox, mailbox);
    return mailbox;
  }

  async function ingest(): Promise<void> {
    for (const inboxId of configured.inboxes.keys()) {
      const reader = watched('reader', mailboxOf(inboxId).reader, mortal.onCall);
      for (const { folder, role } of FOLDERS) {
        const watchedFolder: WatchedFolder = { inboxId, folder, role, startFrom: null };
        const { signal } = new AbortController();
        // Who starts again takes up its own lease: how another takes over is told in watch-mailbox.test.ts.
        const lease = await store.leaseMailbox(watchedFolder, 'the poller', MINUTE);
        if (lease.type === 'taken') throw new Error('bug: there is one poller in this world');
        const session = await reader.open(folder, signal);
        try {
          await ingestMailbox(
            running.deps,
            lease.mailbox,
            watched('session', session, mortal.onCall),
            signal,
          );
        } finally {
          await session.close();
        }
      }
    }
  }

  async function settle(): Promise<void> {
    for (let pass = 0; pass < PASSES_MAX; pass += 1) {
      const { queue, deps, standing } = running;
      const rungBefore = queue.rung.length;
      await ingest();
      await queue.drain();
      mortal.check();
      await releaseFormerMembers(deps);
      await releaseAbsentMembers(deps);
      while ((await escalateOverdue(deps)) > 0);
      while ((await watchParked(deps)) > 0);
      await standing(deps);
      await sweepStale(deps);
      mortal.check();
      if (queue.rung.length === rungBefore && queue.waiting.length === 0) return;
    }
    throw new Error('the world does not come to rest');
  }

  async function advanceTo(target: Instant): Promise<void> {
    await settle();
    while (clock.now() < target) {
      const due = earliest([await store.nextDueAt(), ...standingTimes(policy, clock.now())]);
      // What is overdue waits for the sweep, which looks every few seconds.
      const next = due === null ? target : due > clock.now() ? due : clock.now() + SECOND;
      clock.set(Math.min(target, next));
      await settle();
    }
  }

  await settle();
  return {
    clock,
    store,
    sender,
    policy: () => policy,
    deps: () => running.deps,
    mailboxOf,
    errors,
    calls: mortal.calls,
    async configure(next) {
      configured = next;
      policy = await adoptPolicy(running.deps, configured);
      await settle();
    },
    deliver(inbox, raw, { folder = 'INBOX', receivedAt = clock.now() } = {}) {
      mailboxOf(inbox).append(folder, raw, receivedAt);
    },
    settle,
    advanceTo,
    advance: (by) => advanceTo(clock.now() + by),
    async recover() {
      await settle();
      for (let step = 0; isUnfinished(store) && step < PASSES_MAX; step += 1) {
        await advanceTo(clock.now() + PATIENCE);
      }
    },
    async sent() {
      for (const outgoing of sender.delivered.slice(parsed.length)) {
        const mail = await parseInProcess(outgoing.raw);
        const key = mail.messageId?.split('@')[0];
        const kind = store.outbox().find((row) => row.key === key)?.notice.body.kind ?? 'unknown';
        parsed.push({ outgoing, mail, kind });
      }
      return parsed;
    },
    cut: mortal.cut,
    async lookBack(inbox) {
      const { deps } = running;
      const until = clock.now();
      const mailbox = pastMailboxOf(mailboxOf(inbox));
      const open = async () => mailbox;
      const foldersOf = () => ({ inbox: 'INBOX', sent: ['Sent'] });
      const read = await readMailboxes(
        { parser: deps.parser, policy, open, foldersOf, told: () => {} },
        [inbox],
        until - 30 * DAY,
      );
      const past = lookBackAt(read, policy, { from: until - 30 * DAY, until });
      const found = past.inboxes.find((one) => one.inbox === inbox);
      if (found === undefined) throw new Error(`there is no inbox ${inbox}`);
      const looked = {
        found,
        days: 30,
        until,
        places: read.places,
        mailbox,
        taken: { folder: 'INBOX', from: null },
      };
      await sendLookBack({ ...deps, lookBacks: store.lookBacks }, looked);
    },
    async restart() {
      mortal.revive();
      for (const mailbox of mailboxes.values()) mailbox.dropConnections();
      running = await start();
    },
  };
}

const earliest = (instants: readonly (Instant | null)[]): Instant | null =>
  instants.reduce((first, at) => (first === null || (at !== null && at < first) ? at : first), null);

const standingTimes = (policy: Policy, now: Instant): (Instant | null)[] =>
  [...policy.members.keys()].flatMap((id) =>
    StandingKinds.map((kind) => nextStandingMailAt(policy, id, kind, now)),
  );

function isUnfinished(store: MemoryStore): boolean {
  return (
    store.messages().some(({ stage }) => stage !== 'settled') ||
    store.conversations().some(({ phase, offer }) => phase === 'arrived' && offer === null) ||
    store.outbox().some(({ settledAt }) => settledAt === null)
  );
}

type OnCall = (name: string, phase: 'before' | 'after') => void;

/** Counts calls, and dies at one of them. */
function mortality() {
  const calls: string[] = [];
  let cutAt: number | null = null;
  let dead = false;
  const onCall: OnCall = (name, phase) => {
    if (dead) throw new Died('the process is dead');
    if (calls.length === cutAt) dead = true;
    calls.push(`${phase} ${name}`);
    if (dead) throw new Died(`died ${phase} ${name}`);
  };
  return {
    calls,
    onCall,
    cut: (at: number) => {
      cutAt = at;
    },
    check: () => {
      if (dead) throw new Died('the process is dead');
    },
    revive: () => {
      dead = false;
      cutAt = null;
    },
  };
}

/** Tells of every call of a port; what a call answers is watched by whoever asked. */
function watched<T extends object>(name: string, port: T, onCall: OnCall): T {
  return new Proxy(port, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        onCall(`${name}.${String(key)}`, 'before');
        const result: unknown = await Reflect.apply(value, target, args);
        onCall(`${name}.${String(key)}`, 'after');
        return result;
      };
    },
  });
}
