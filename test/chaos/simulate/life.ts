/**
 * One simulated life of Baton: a few mails, hours or days, some processes, and whatever the seed has in store for them.
 * Everything that happens is a consequence of the seed alone. After a while faults stop, and once the world has come to
 * rest it is judged.
 */

import { adoptPolicy } from '../../../src/app/adopt-policy.ts';
import { Failure } from '../../../src/app/failures.ts';
import type { OutgoingMail } from '../../../src/app/ports/mail-sender.ts';
import type { WatchedFolder } from '../../../src/app/ports/store.ts';
import { splitPlus } from '../../../src/domain/address.ts';
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from '../../../src/domain/instant.ts';
import { renderNotice } from '../../../src/domain/notices/render.ts';
import type { NoticeView, RenderedNotice } from '../../../src/domain/notices/view.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { nextStandingMailAt, StandingKinds } from '../../../src/domain/standing-mails.ts';
import { type MemoryMailbox, memoryMailbox } from '../../support/memory-mailbox.ts';
import { memoryNotes } from '../../support/memory-notes.ts';
import { type MemoryStore, memoryStore } from '../../support/memory-store.ts';
import { type Bells, bellsOf, type Ringing } from './bells.ts';
import { customerGets, firstLetter, helperGets, inboxAddressOf, Manners } from './customers.ts';
import { type Dice, diceOf } from './dice.ts';
import { type Faults, faultsOf, ON_PURPOSE } from './faults.ts';
import { type Host, type HostPorts, hostOf } from './host.ts';
import { judge } from './judge.ts';
import { type Got, memberGets, type Surroundings, Tempers } from './members.ts';
import type { Mutation } from './mutants.ts';
import { type OfficePlan, pickOffice, startOf } from './policies.ts';
import {
  type PortsContext,
  type Process,
  simulatedParser,
  simulatedReader,
  simulatedSender,
  simulatedStore,
} from './ports.ts';
import { type Letter, type Post, postOf, sentIn } from './post.ts';
import { type Stage, stageOf } from './stage.ts';
import { type Tally, tallyOf } from './tally.ts';
import { type Trace, traceOf } from './trace.ts';
import { type Watch, watchOf } from './watch.ts';

export type Delivery = { readonly key: string; readonly bytes: string; readonly at: Instant };

export type Life = {
  readonly seed: number;
  readonly hash: string;
  readonly steps: number;
  readonly faults: number;
  readonly tally: Tally;
  /** Promises that were broken, the first ones. */
  readonly broken: readonly string[];
  readonly lines: readonly string[];
};

export type LifeOptions = {
  /** One mail or two, and few answers. */
  readonly brief?: boolean;
  /** Keeps the steps in words. */
  readonly words?: boolean;
  readonly tally?: Tally;
  /** Breaks Baton, to see that it is noticed. */
  readonly mutation?: Mutation;
};

/** More steps are no life but a loop. */
const STEPS_MAX = 40_000;
const BROKEN_MAX = 8;
/** Nobody answers once so many mails were written. */
const LETTERS_MAX = 14;
const LETTERS_BRIEF = 4;
const TICK: Duration = 5 * SECOND;

export async function live(seed: number, options: LifeOptions = {}): Promise<Life> {
  const world = openWorld(seed, options);
  await world.begin();
  await world.run();
  return world.life();
}

type Worker = Process & {
  alive: boolean;
  host: Host;
  /** Until it has read the configuration, a process does nothing. */
  ready: boolean;
  shift: Duration;
};

type Watched = { isPutBack: boolean; readonly folder: WatchedFolder; pollAt: Instant; compare: boolean };

function openWorld(seed: number, { brief = false, words = false, tally = tallyOf(), mutation }: LifeOptions) {
  const dice: Dice = diceOf(seed);
  const start = startOf(dice);
  const stage: Stage = stageOf(start, dice);
  const faults: Faults = faultsOf(dice, tally);
  const trace: Trace = traceOf(words);
  const office: OfficePlan = pickOffice(dice);
  const span: Duration = dice.pick([20 * MINUTE, HOUR, HOUR, 3 * HOUR, 8 * HOUR, 30 * HOUR]);
  const calmAt = start + span;
  let databaseShift: Duration = 0;
  const store: MemoryStore = memoryStore({ clock: { now: () => stage.now() + databaseShift } });
  const post: Post = postOf();
  const bells: Bells = bellsOf(dice, faults);
  const broken: string[] = [];
  const deliveries: Delivery[] = [];
  const hiding = new Set<MemoryMailbox>();
  const untold = new Set<string>();
  const mailboxes = new Map<string, MemoryMailbox>();
  const folders: Watched[] = [];
  const workers: Worker[] = [];
  const running = new Set<{ readonly worker: Worker; readonly what: string; readonly died: () => void }>();
  const tempers = new Map<string, string>();
  const manners = new Map<string, string>();
  let configured: Policy = office.first;
  let adopted: Policy = office.first;
  let isCalm = false;
  let letters = 0;
  let commits = 0;
  let texts = 0;
  let mayRepeat = false;
  let lastTick = start - TICK;
  let ticking = false;
  let fruitless = 0;
  let commitsAtTick = 0;

  const say = (what: string): void => {
    if (broken.length < BROKEN_MAX && !broken.includes(what)) broken.push(what);
    trace.add(stage.now(), '!', what);
  };
  const watch: Watch = watchOf({ store, post, tally, say });

  const context: PortsContext = {
    stage,
    dice,
    faults,
    step: (process, what) => trace.add(stage.now(), process.name, what),
    committed(process, changes) {
      commits += 1;
      trace.add(stage.now(), process.name, 'committed');
      watch.committed(changes);
    },
    touched(_, call) {
      if (call !== 'leaseMailbox' && call !== 'releaseMailbox') commits += 1;
    },
  };

  // ── Processes ──

  function begin(name: string): Worker {
    const worker: Worker = {
      name,
      alive: true,
      ready: false,
      shift: dice.happens(0.2) ? dice.between(-90, 90) * SECOND : 0,
      host: null as unknown as Host,
      die(how) {
        if (!worker.alive) return;
        worker.alive = false;
        mayRepeat = true;
        tally.add('death', how);
        trace.add(stage.now(), name, `dies ${how}`);
        for (const task of [...running].filter((one) => one.worker === worker)) {
          running.delete(task);
          task.died();
        }
        const after = isCalm ? SECOND : dice.between(SECOND, dice.happens(0.2) ? 2 * HOUR : 90 * SECOND);
        stage.at(stage.now() + after, () => void replace(worker));
      },
    };
    worker.host = hostOf(
      name,
      portsOf(worker),
      () => adopted,
      () => stage.now() + databaseShift + worker.shift,
    );
    workers.push(worker);
    return worker;
  }

  function replace(worker: Worker): void {
    const at = workers.indexOf(worker);
    if (at === -1) return;
    workers.splice(at, 1);
    const [base, life = '1'] = worker.name.split('.');
    const next = begin(`${base}.${Number(life) + 1}`);
    readConfiguration(next);
  }

  function readConfiguration(worker: Worker): void {
    const wanted = configured;
    run(
      worker,
      'configure',
      () => worker.host.configure(wanted),
      (error) => {
        if (error === null) {
          worker.ready = true;
          adopted = wanted;
          return;
        }
        stage.at(stage.now() + SECOND, () => {
          if (worker.alive) readConfiguration(worker);
        });
      },
    );
  }

  function portsOf(worker: Worker): HostPorts {
    const simulated = simulatedStore(context, worker, store);
    const readers = new Map<string, ReturnType<typeof simulatedReader>>();
    return {
      store: mutation?.store?.(simulated) ?? simulated,
      parser: simulatedParser(context, worker, post.parser),
      composer: post.composer,
      sender: simulatedSender(context, worker, arrives),
      async ring(bell, ids) {
        if (ids.length === 0 || !worker.alive) return;
        trace.add(stage.now(), worker.name, `rings ${bell} ${ids.join(' ')}`);
        bells.ring(bell, mutation?.ring?.(bell, ids) ?? ids, stage.now());
      },
      readerOf(inbox) {
        const known = readers.get(inbox) ?? simulatedReader(context, worker, mailboxOf(inbox).reader);
        readers.set(inbox, known);
        return known;
      },
      notes: memoryNotes(store),
      render: dice.happens(0.04) ? renderNotice : inFewWords,
      newTextId: () => {
        texts += 1;
        return `text-${texts}`;
      },
      log: {
        info() {},
        warn: (fields, message) => unexpected(message, (fields as { error?: string }).error),
        error: (fields, message) => unexpected(message, (fields as { error?: string }).error),
      },
    };
  }

  /** What is caught and only logged may hide a bug. */
  function unexpected(message: string, error: string | undefined): void {
    if (error !== undefined && !EXPECTED.test(error)) say(`${message}: ${error}`);
  }

  function run(
    worker: Worker,
    what: string,
    work: () => Promise<unknown>,
    ended: (error: unknown) => void,
  ): void {
    const task = { worker, what, died: () => ended(Dead) };
    running.add(task);
    const finish = (error: unknown): void => {
      if (!running.delete(task)) return;
      if (error !== null && !isExpected(error))
        say(`${what} threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      ended(error);
    };
    work().then(
      () => finish(null),
      (error: unknown) => finish(error ?? new Error('nothing was thrown')),
    );
  }

  const someWorker = (): Worker | null => {
    const ready = workers.filter((worker) => worker.alive && worker.ready);
    return ready.length === 0 ? null : dice.pick(ready);
  };

  function answer(ringing: Ringing): void {
    const worker = someWorker();
    if (worker === null)
      return bells.again({ ...ringing, attempt: ringing.attempt - 1 }, stage.now() + SECOND);
    run(
      worker,
      ringing.bell,
      () => worker.host.answer(ringing.bell, ringing.ids),
      (error) => {
        if (error === Dead) bells.orphaned(ringing, stage.now());
        else if (error !== null) bells.again(ringing, stage.now());
      },
    );
  }

  function tick(): void {
    const worker = someWorker();
    lastTick = stage.now();
    if (worker === null) return;
    fruitless = commits === commitsAtTick ? fruitless + 1 : 0;
    commitsAtTick = commits;
    ticking = true;
    run(
      worker,
      'tick',
      () => worker.host.tick(),
      () => {
        ticking = false;
      },
    );
    // A second clock that has heard none of the ticks.
    const other = dice.happens(0.15) ? someWorker() : null;
    if (other !== null && other !== worker)
      run(
        other,
        'tick',
        () => other.host.tick(),
        () => {},
      );
    const patrol = dice.happens(0.3) ? someWorker() : null;
    if (patrol !== null)
      run(
        patrol,
        'patrol',
        () => patrol.host.patrol(),
        () => {},
      );
  }

  function poll(watched: Watched): void {
    const worker = someWorker();
    watched.pollAt = Number.POSITIVE_INFINITY;
    const again = (least: Duration, most: Duration): void => {
      watched.pollAt = Math.min(watched.pollAt, stage.now() + dice.between(least, most));
    };
    if (worker === null) return again(SECOND, 10 * SECOND);
    const { compare } = watched;
    run(
      worker,
      'poll',
      () =>
        worker.host.poll(watched.folder, compare).then((isDone) => {
          if (!isDone) again(5 * SECOND, 10 * SECOND);
          else watched.isPutBack = false;
          if (isDone && compare && watched.pollAt === Number.POSITIVE_INFINITY) watched.compare = false;
        }),
      (error) => {
        if (error !== null) again(SECOND, 60 * SECOND);
      },
    );
  }

  // ── Mail ──

  function mailboxOf(inbox: string): MemoryMailbox {
    const known = mailboxes.get(inbox) ?? memoryMailbox(['INBOX', 'Sent']);
    mailboxes.set(inbox, known);
    return known;
  }

  function wake(inboxId: string, folder: string, compare = false): void {
    const watched = folders.find((one) => one.folder.inboxId === inboxId && one.folder.folder === folder);
    if (watched === undefined) return;
    watched.compare ||= compare;
    watched.pollAt = Math.min(
      watched.pollAt,
      stage.now() + dice.between(0, dice.happens(0.1) ? 60 * SECOND : 3 * SECOND),
    );
  }

  function deliver(inboxId: string, letter: Letter, copies = 1, folder = 'INBOX'): void {
    const { raw } = post.write(letter, stage.now());
    letters += 1;
    trace.add(
      stage.now(),
      'mail',
      `${letter.from} to ${letter.to.join(', ')}: ${letter.subject} | ${letter.text}`,
    );
    const receivedAt = stage.now() - (stage.now() % SECOND);
    const isPutBack = folders.some((one) => one.isPutBack && one.folder.inboxId === inboxId);
    for (let copy = 0; copy < copies; copy += 1) {
      const uid = mailboxOf(inboxId).append(folder, raw, receivedAt);
      if (isPutBack) untold.add(`${inboxId}/${folder}/${uid}`);
    }
    tally.add(
      'letter',
      letter.poison !== undefined ? 'poison' : letter.forged === true ? 'forged' : 'letter',
    );
    wake(inboxId, folder);
  }

  /** The mail server took it, so somebody has it. */
  function arrives(mail: OutgoingMail): void {
    const key = splitPlus(mail.envelopeFrom).tag ?? '';
    const bytes = Buffer.from(mail.raw).toString();
    deliveries.push({ key, bytes, at: stage.now() });
    trace.add(stage.now(), 'mail', `arrives at ${mail.envelopeTo}`);
    const row = store.noticeWithKey(key);
    if (row === undefined) return say(`a mail went out under a key that no notice has: ${key}`);
    tally.add('sent', row.notice.body.kind);
    if (isCalm) return;
    const got: Got = {
      notice: row.notice,
      sent: sentIn(mail.raw),
      returnPath: mail.envelopeFrom,
      inboxAddress: inboxAddressOf(row.notice.inboxId),
    };
    const { recipient } = row.notice;
    if (recipient.type === 'member') memberGets(around, recipient.member, temperOf(recipient.member), got);
    else if (recipient.type === 'customer')
      customerGets(around, mail.envelopeTo, mannerOf(mail.envelopeTo), got);
    else helperGets(around, mail.envelopeTo, got);
  }

  function temperOf(member: string): string {
    const known = tempers.get(member) ?? dice.pick(['quick', 'quick', 'slow', ...Tempers]);
    tempers.set(member, known);
    return known;
  }

  function mannerOf(address: string): string {
    const known = manners.get(address) ?? dice.pick(Manners);
    manners.set(address, known);
    return known;
  }

  const around: Surroundings = {
    dice,
    post(inbox, letter, after, copies = 1) {
      letters += 1;
      stage.at(stage.now() + after, () => {
        if (!isCalm) deliver(inbox, letter, copies);
      });
    },
    request: (id) => store.conversations().find((state) => state.id === id) ?? null,
    customerOf(id) {
      const state = store.conversation(id);
      const { mail } = store.message(state.lastCustomerMessage);
      return {
        address: mail?.from[0]?.address ?? 'maria@example.com',
        subject: mail?.subject ?? '',
        messageId: mail?.messageId ?? 'none@example.com',
      };
    },
    someRequest() {
      const all = store.conversations();
      return all.length === 0 ? 1001 : dice.pick(all).id;
    },
    colleagues: [...office.first.members.keys()],
    mayWrite: () => letters < (brief ? LETTERS_BRIEF : LETTERS_MAX),
  };

  // ── What happens from outside ──

  function plan(): void {
    const mails = dice.pick(brief ? [1, 1, 1, 2] : [1, 1, 2, 2, 3, 4]);
    for (let number = 1; number <= mails; number += 1) {
      const { inboxes, letter } = firstLetter(dice, number);
      const at = start + SECOND + Math.floor(dice.next() * dice.next() * span * 0.7);
      stage.at(at, () => {
        const named = { ...letter, messageId: `first-${number}@example.com` };
        for (const inbox of inboxes) deliver(inbox, named, dice.happens(0.06) ? 2 : 1);
      });
    }
    const moments = faults.has('nothing') ? 0 : dice.pick([0, 0, 1, 2, 4]);
    for (let count = 0; count < moments; count += 1) {
      stage.at(start + Math.floor(dice.next() * span), () => {
        if (!isCalm) OUTSIDE[dice.pick(Object.keys(OUTSIDE))]?.();
      });
    }
  }

  const OUTSIDE: Readonly<Record<string, () => void>> = {
    'configuration-changed': () => {
      configured = dice.happens(0.4) ? office.first : dice.pick(office.later);
      for (const worker of workers) {
        stage.at(stage.now() + dice.between(0, 60 * SECOND), () => {
          if (worker.alive && worker.ready) readConfiguration(worker);
        });
      }
      happened('configuration-changed');
    },
    'process-killed': () => {
      const worker = someWorker();
      worker?.die('when it is killed');
      happened('process-killed');
    },
    'database-clock-forward': () => stepClock(dice.between(1, 5_400) * SECOND),
    'database-clock-back': () => stepClock(-dice.between(1, 600) * SECOND),
    'process-clock-stepped': () => {
      const worker = someWorker();
      if (worker !== null) worker.shift = dice.between(-300, 300) * SECOND;
      happened('process-clock-stepped');
    },
    'uidvalidity-changed': () =>
      mailboxHappens('uidvalidity-changed', (mailbox) => mailbox.changeUidValidity('INBOX')),
    'backup-restored': () =>
      mailboxHappens('backup-restored', (mailbox) => {
        const lying = mailbox.mails('INBOX');
        for (const one of folders) one.isPutBack ||= mailboxOf(one.folder.inboxId) === mailbox;
        mailbox.restoreBackup('INBOX', dice.between(1, (lying.at(-1)?.uid ?? 1) + 2));
      }),
    expunged: () =>
      mailboxHappens('expunged', (mailbox) => {
        const lying = mailbox.mails('INBOX');
        if (lying.length > 0) mailbox.expunge('INBOX', dice.pick(lying).uid);
      }),
    'listed-late': () =>
      mailboxHappens('listed-late', (mailbox, inbox) => {
        const uid = mailbox.mails('INBOX').at(-1)?.uid;
        if (uid === undefined) return;
        mailbox.hide('INBOX', uid);
        hiding.add(mailbox);
        stage.at(stage.now() + dice.between(SECOND, HOUR), () => {
          mailbox.show('INBOX', uid);
          hiding.delete(mailbox);
          wake(inbox, 'INBOX', true);
        });
      }),
    'connections-dropped': () =>
      mailboxHappens('connections-dropped', (mailbox) => mailbox.dropConnections()),
    'answered-from-the-mailbox': () => {
      const all = store.conversations();
      if (all.length === 0) return;
      const { id, inboxId } = dice.pick(all);
      const customer = around.customerOf(id);
      happened('answered-from-the-mailbox');
      const letter = {
        from: inboxAddressOf(inboxId),
        to: [customer.address],
        subject: `Re: ${customer.subject}`,
      };
      deliver(inboxId, { ...letter, text: 'It is done.', answers: [customer.messageId] }, 1, 'Sent');
    },
    'a-stranger-writes': () => {
      const letter = {
        from: 'mallory@evil.example',
        to: [inboxAddressOf('maintenance')],
        subject: `Re: #${around.someRequest()}`,
      };
      happened('a-stranger-writes');
      deliver('maintenance', { ...letter, text: 'accept', forged: true });
    },
  };

  const happened = (what: string): void => {
    tally.add('happening', what);
    trace.add(stage.now(), 'world', what);
  };

  function stepClock(by: Duration): void {
    databaseShift += by;
    commits += 1;
    happened(by > 0 ? 'database-clock-forward' : 'database-clock-back');
  }

  function mailboxHappens(what: string, deed: (mailbox: MemoryMailbox, inbox: string) => void): void {
    const inbox = dice.pick([...mailboxes.keys(), 'maintenance']);
    // A server that hides a mail counts on as it did.
    if (hiding.has(mailboxOf(inbox))) return;
    happened(what);
    deed(mailboxOf(inbox), inbox);
    wake(inbox, 'INBOX', what === 'backup-restored' || what === 'listed-late');
  }

  // ── Time ──

  const edges = edgesOf(office);

  let wanted = { at: start, since: -1, lastTick: start };
  /** When the next tick can find something to do; asked at every step, and the same as long as nothing has changed. */
  function tickWanted(): Instant {
    if (wanted.since !== commits || wanted.lastTick !== lastTick)
      wanted = { at: whenTickIsWanted(), since: commits, lastTick };
    return wanted.at;
  }

  let standing = { of: adopted, at: Number.NEGATIVE_INFINITY };
  function nextStanding(): Instant {
    if (standing.of !== adopted || standing.at <= lastTick)
      standing = { of: adopted, at: Math.min(...standingTimes(adopted, lastTick)) };
    return standing.at;
  }

  function whenTickIsWanted(): Instant {
    const { messages, unrouted } = store.unfinished();
    const due = store.dueAt();
    const times = [
      due === null ? Number.POSITIVE_INFINITY : due - databaseShift,
      messages + unrouted > 0 ? lastTick + 3 * TICK : Number.POSITIVE_INFINITY,
      edges.find((at) => at > lastTick) ?? Number.POSITIVE_INFINITY,
      ...store
        .absences()
        .flatMap(({ until, from, endedAt }) => (endedAt === null ? [from, until] : []))
        .filter((at) => at > lastTick),
      nextStanding(),
    ];
    const wait = TICK * 2 ** Math.min(fruitless, 8);
    return Math.max(Math.min(...times), lastTick + wait);
  }

  function startWhatIsDue(): void {
    const now = stage.now();
    for (let ringing = bells.take(now); ringing !== null; ringing = bells.take(now)) answer(ringing);
    for (const watched of folders) if (watched.pollAt <= now) poll(watched);
    if (!ticking && tickWanted() <= now) tick();
  }

  const nextAt = (): Instant =>
    Math.min(
      bells.nextAt(),
      ticking ? Number.POSITIVE_INFINITY : tickWanted(),
      ...folders.map(({ pollAt }) => pollAt),
    );

  /** Until `until`, or until nothing is left to do and `isOver` says so. */
  async function goOn(until: Instant, isOver: () => boolean): Promise<void> {
    while (broken.length === 0 && trace.steps < STEPS_MAX) {
      startWhatIsDue();
      if (await stage.step(stage.now())) continue;
      if (isOver() || stage.now() >= until) return;
      // Nothing goes on now: on to whatever comes next.
      const horizon = Math.min(until, Math.max(nextAt(), stage.now()));
      await stage.step(horizon);
    }
    if (broken.length === 0) say('it never comes to rest');
  }

  const isQuiet = (): boolean => {
    const { messages, unrouted, notices } = store.unfinished();
    return (
      messages + unrouted + notices + running.size === 0 &&
      (store.dueAt() ?? Number.POSITIVE_INFINITY) - databaseShift > stage.now() &&
      bells.nextAt() === Number.POSITIVE_INFINITY &&
      folders.every(({ pollAt }) => pollAt === Number.POSITIVE_INFINITY)
    );
  };

  async function calmDown(): Promise<void> {
    isCalm = true;
    fruitless = 0;
    faults.end();
    stage.clear();
    trace.add(stage.now(), 'world', 'calms down');
    for (const worker of [...workers]) if (!worker.alive) replace(worker);
    for (const worker of workers)
      if (!worker.ready && ![...running].some((task) => task.worker === worker)) readConfiguration(worker);
    for (const { folder } of folders) wake(folder.inboxId, folder.folder, true);
    await goOn(stage.now() + 6 * DAY, isQuiet);
  }

  return {
    async begin(): Promise<void> {
      adopted = await adoptPolicy({ store, log: { info() {}, warn() {}, error() {} } }, office.first);
      for (const inboxId of ['maintenance', 'billing'])
        for (const [folder, role] of [
          ['INBOX', 'inbox'],
          ['Sent', 'sent'],
        ] as const)
          folders.push({
            folder: { inboxId, folder, role, startFrom: start - (start % SECOND) },
            pollAt: Number.POSITIVE_INFINITY,
            compare: false,
            isPutBack: false,
          });
      const count = dice.pick([1, 1, 2, 2, 3]);
      for (let number = 1; number <= count; number += 1) begin(`baton${number}`).ready = true;
      plan();
    },
    async run(): Promise<void> {
      await goOn(calmAt, () => false);
      if (broken.length > 0) return;
      await calmDown();
      if (broken.length > 0) return;
      for (const one of [...running]) say(`${one.what} of ${one.worker.name} never ends`);
      const now = stage.now() + databaseShift;
      const repeats = mayRepeat || REPEATING.some((kind) => faults.has(kind));
      for (const what of judge({
        store,
        now,
        mailboxes,
        folders: folders.map(({ folder }) => folder),
        deliveries,
        mayRepeat: repeats,
        untold,
      }))
        say(what);
    },
    life: (): Life => ({
      seed,
      hash: trace.hash,
      steps: trace.steps,
      faults: faults.count,
      tally,
      broken,
      lines: trace.lines,
    }),
  };
}

const Dead = Symbol('its process died');
const EXPECTED = new RegExp(
  `${ON_PURPOSE}|lease-lost|another poller|attempt \\d+ of notice \\d+ is not the next one|closed|the connection is gone|was renumbered`,
);
const EXPECTED_CODES = new Set([
  'lease-lost',
  'cursor-moved',
  'attempt-out-of-turn',
  'imap-unreachable',
  'imap-uidvalidity-changed',
  'imap-nothing-given',
  'claim-lost',
]);

const isExpected = (error: unknown): boolean =>
  error === Dead ||
  (error instanceof Failure && (error.message.startsWith(ON_PURPOSE) || EXPECTED_CODES.has(error.code)));

/** After which nobody knows whether a mail went out. */
const REPEATING: readonly string[] = [
  ...['smtp-unknown', 'smtp-unknown-delivered', 'smtp-slow', 'smtp-dies-delivered', 'stalls-long'],
  ...[
    'db-unreachable',
    'db-answer-lost',
    'tx-serialization',
    'tx-time-out',
    'tx-commit-lost',
    'tx-commit-unheard',
  ],
];

const inFewWords = ({ notice: { body } }: NoticeView): RenderedNotice => ({
  subject: body.kind,
  text: body.kind,
  html: null,
});

function edgesOf({ first, later }: OfficePlan): Instant[] {
  const all = [first, ...later].flatMap(({ members }) =>
    [...members.values()].flatMap(({ schedule }) =>
      schedule.absences.flatMap(({ from, until }) => [from, until]),
    ),
  );
  return [...new Set(all)].sort((a, b) => a - b);
}

const standingTimes = (policy: Policy, after: Instant): Instant[] =>
  [...policy.members.values()].flatMap(({ id, standingMails }) =>
    StandingKinds.flatMap((kind) => {
      const wanted =
        kind === 'digest'
          ? standingMails.digest
          : kind === 'morning-list'
            ? standingMails.morningList
            : standingMails.weeklyReport;
      return wanted === null ? [] : (nextStandingMailAt(policy, id, kind, after) ?? []);
    }),
  );
