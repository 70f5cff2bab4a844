/**
 * The ports as one simulated process has them: before each call its strand waits for its turn, and at each call the
 * process may die, be slow, or be told that something failed, before it was done or after.
 */
import type { MailParser } from '../../../src/app/ports/mail-parser.ts';
import type { MailSender, OutgoingMail } from '../../../src/app/ports/mail-sender.ts';
import type { MailboxReader, MailboxSession } from '../../../src/app/ports/mailbox-reader.ts';
import type { Change, Store, Transaction } from '../../../src/app/ports/store.ts';
import type { Dice } from './dice.ts';
import { type Faults, failed, outcomeOf, stallOf } from './faults.ts';
import type { Stage } from './stage.ts';

export type Process = {
  readonly name: string;
  readonly alive: boolean;
  die(how: string): void;
};

export type PortsContext = {
  readonly stage: Stage;
  readonly dice: Dice;
  readonly faults: Faults;
  /** Told of every step, for the trace. */
  readonly step: (process: Process, what: string) => void;
  /** A transaction was committed. */
  readonly committed: (process: Process, changes: readonly Change[]) => void;
  /** Something happened to the store without a transaction. */
  readonly touched: (process: Process, call: string, args: readonly unknown[], answer: unknown) => void;
};

/** Thrown inside of a transaction by a process that dies there, so that it is rolled back. */
class Dies extends Error {}

export const never = new Promise<never>(() => {});

type Call = (...args: never[]) => Promise<unknown>;

/** One call: its turn, its fate, and what becomes of its answer. */
export async function through<T>(
  { stage, dice, faults, step }: PortsContext,
  process: Process,
  what: string,
  call: () => Promise<T>,
): Promise<T> {
  const fate = faults.draw('call');
  const stalls = fate === 'stalls' || fate === 'stalls-long';
  await stage.turn(process, stalls ? stallOf(fate, dice) : 0);
  if (!process.alive) return never;
  step(process, what);
  if (fate === 'dies-before') {
    process.die(`before ${what}`);
    return never;
  }
  const answer = await call();
  if (!process.alive) return never;
  if (fate === 'dies-after') {
    process.die(`after ${what}`);
    return never;
  }
  return answer;
}

/** What changes nothing, or what PostgreSQL does in one statement. */
const NOT_TOUCHING = /^(read|find|next|busy|former|told|conversationsOf|askedOf|parkedOf|sentLately)/;

export function simulatedStore(context: PortsContext, process: Process, store: Store): Store {
  const { faults, touched } = context;
  const methods = Object.entries(store as unknown as Record<string, Call>).flatMap(([name, method]) => {
    if (typeof method !== 'function' || name === 'transact' || name === 'close') return [];
    const isRead = NOT_TOUCHING.test(name);
    const call = (...args: never[]) =>
      through(context, process, `store.${name}`, async () => {
        const fate = faults.draw('database');
        if (fate === 'db-unreachable') throw failed(fate);
        const answer = await method(...args);
        if (!isRead) touched(process, name, args, answer);
        if (fate === 'db-answer-lost') throw failed(fate);
        return answer;
      });
    return [[name, call] as const];
  });
  return {
    ...(Object.fromEntries(methods) as unknown as Store),
    transact: (inboxes, work) => transacted(context, process, store, inboxes, work),
    close: async () => {},
  };
}

async function transacted<T>(
  context: PortsContext,
  process: Process,
  store: Store,
  inboxes: readonly string[],
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const { faults, dice, committed } = context;
  return through(context, process, 'store.transact', async () => {
    const fate = faults.draw('transaction');
    if (fate === 'tx-serialization') throw failed(fate);
    const changes: Change[] = [];
    const inside = fate === 'tx-dies-inside' || fate === 'tx-time-out' ? dice.between(1, 12) : null;
    try {
      const answer = await store.transact(inboxes, async (tx) => {
        const watched = watchedTransaction(tx, changes, inside, fate, process);
        const done = await work(watched.tx);
        // Whatever the work makes of a call that failed, its transaction cannot be committed any more.
        if (fate === 'tx-commit-lost' || watched.hasFailed()) throw failed(fate ?? '');
        if (fate === 'tx-dies-before-commit') {
          process.die('before the commit');
          throw new Dies('died');
        }
        return done;
      });
      if (changes.length > 0) committed(process, changes);
      if (fate === 'tx-commit-unheard') throw failed(fate);
      if (fate === 'tx-dies-after-commit') {
        process.die('after the commit');
        return never;
      }
      return answer;
    } catch (error) {
      if (!process.alive) return never;
      throw error;
    }
  });
}

/** Keeps what is written; with `inside`, fails at that call. */
function watchedTransaction(
  tx: Transaction,
  changes: Change[],
  inside: number | null,
  fate: string | null,
  process: Process,
): { tx: Transaction; hasFailed: () => boolean } {
  const write: Transaction['write'] = async (change) => {
    const written = await tx.write(change);
    changes.push(change);
    return written;
  };
  if (inside === null) return { tx: { ...tx, write }, hasFailed: () => false };
  let calls = 0;
  const failing = Object.entries({ ...tx, write } as unknown as Record<string, Call>).map(
    ([name, method]) => {
      const call = (...args: never[]) => {
        calls += 1;
        if (calls < inside) return method(...args);
        if (fate !== 'tx-dies-inside') return Promise.reject(failed('tx-time-out'));
        process.die(`inside of a transaction, at ${name}`);
        return Promise.reject(new Dies('died'));
      };
      return [name, call] as const;
    },
  );
  return { tx: Object.fromEntries(failing) as unknown as Transaction, hasFailed: () => calls >= inside };
}

export function simulatedParser(context: PortsContext, process: Process, parser: MailParser): MailParser {
  const { faults } = context;
  const fails = (): 'cpu-limit' | 'memory-limit' | 'parser-failed' | null => {
    const fate = faults.draw('parser');
    if (fate === 'parser-throws') throw failed(fate);
    return fate as 'cpu-limit' | 'memory-limit' | 'parser-failed' | null;
  };
  return {
    parse: (raws) =>
      through(context, process, 'parser.parse', async () => {
        const results = await parser.parse(raws);
        return results.map((result) => {
          const code = fails();
          if (code === null) return result;
          return { ok: false, code, why: 'it took too long', header: result.ok ? result.mail : null };
        });
      }),
    extractReply: (jobs) =>
      through(context, process, 'parser.extractReply', async () => {
        const results = await parser.extractReply(jobs);
        return results.map((result) => {
          const code = fails();
          return code === null ? result : { ok: false, code, why: 'it took too long' };
        });
      }),
    readFiles: (raw, limits) =>
      through(context, process, 'parser.readFiles', () => parser.readFiles(raw, limits)),
    close: async () => {},
  };
}

export function simulatedReader(
  context: PortsContext,
  process: Process,
  reader: MailboxReader,
): MailboxReader {
  const fails = (): void => {
    const fate = context.faults.draw('mailbox');
    if (fate !== null) throw failed(fate);
  };
  const sessionOf = (session: MailboxSession): MailboxSession => {
    const call = <T>(name: string, work: () => Promise<T>) =>
      through(context, process, `session.${name}`, async () => {
        fails();
        return work();
      });
    return {
      uidValidity: session.uidValidity,
      get uidNext() {
        return session.uidNext;
      },
      listAfter: (uid, limit) => call('listAfter', () => session.listAfter(uid, limit)),
      listUids: () => call('listUids', () => session.listUids()),
      describe: (uids) => call('describe', () => session.describe(uids)),
      countJunk: (folder, since) => call('countJunk', () => session.countJunk(folder, since)),
      fetch: (uids) => call('fetch', () => session.fetch(uids)),
      fetchHeaders: (uid) => call('fetchHeaders', () => session.fetchHeaders(uid)),
      waitForNews: (timeout, signal) => session.waitForNews(timeout, signal),
      close: () => session.close(),
    };
  };
  return {
    open: (folder, signal) =>
      through(context, process, 'reader.open', async () => {
        fails();
        return sessionOf(await reader.open(folder, signal));
      }),
  };
}

/** `takes`: the mail has arrived. */
export function simulatedSender(
  context: PortsContext,
  process: Process,
  takes: (mail: OutgoingMail) => void,
): MailSender {
  const { stage, dice, faults } = context;
  return {
    send: (mail) =>
      through(context, process, 'sender.send', async () => {
        const fate = faults.draw('send');
        if (fate === 'smtp-slow') await stage.turn(process, dice.between(20_000_000, 400_000_000));
        if (!process.alive) return never;
        const { outcome, arrives } = outcomeOf(fate, dice);
        if (arrives) takes(mail);
        if (fate === 'smtp-dies-delivered') {
          process.die('after the mail server took a mail');
          return never;
        }
        return outcome;
      }),
    check: async () => null,
    close: async () => {},
  };
}
