/**
 * The truth in PostgreSQL. Its parts stand beside this file: roster, intake, sweep, transaction with the writes,
 * outbox and views; what each promises stands in app/ports/store.ts.
 */
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import type { Store } from '../../app/ports/store.ts';
import { digestStore } from './digests.ts';
import { doorStore } from './door.ts';
import { PrismaClient } from './generated/client.ts';
import { inTransaction } from './in-transaction.ts';
import { intakeStore } from './intake.ts';
import { outboxStore } from './outbox.ts';
import { parkedStore } from './parked.ts';
import { peopleStore } from './people.ts';
import { rosterStore } from './roster.ts';
import { sqlOn, type TimeSource } from './sql.ts';
import { sweepStore } from './sweep.ts';
import { lockInboxes, transactionOn } from './transaction.ts';
import { viewStore } from './views.ts';
import { weeklyReportStore } from './weekly-report.ts';

export type StoreOptions = {
  /** Belongs to the store from here on: `close` ends it. */
  readonly pool: pg.Pool;
  /** The database's own clock, which all processes share; a virtual one in the demo and in tests. */
  readonly time: TimeSource;
};

export function postgresStore({ pool, time }: StoreOptions): Store {
  const sql = sqlOn(pool);
  let prisma: PrismaClient | null = null;
  let closing: Promise<void> | null = null;
  return {
    ...rosterStore(
      pool,
      () => {
        prisma ??= prismaOn(pool);
        return prisma;
      },
      sql,
      time,
    ),
    ...peopleStore(sql, time),
    ...parkedStore(sql, time),
    ...intakeStore(pool, sql, time),
    ...sweepStore(sql, time),
    ...outboxStore(pool, sql, time),
    ...viewStore(sql, time),
    ...digestStore(pool, sql),
    ...doorStore(sql),
    ...weeklyReportStore(pool),
    transact: (inboxes, work) =>
      inTransaction(pool, async (tx) => {
        await lockInboxes(tx, inboxes);
        return work(transactionOn(tx, time));
      }),
    close: () => {
      closing ??= Promise.resolve(prisma?.$disconnect()).then(() => pool.end());
      return closing;
    },
  };
}

/** Prisma's client over connections of this pool; what is not hot goes through it. */
export function prismaOn(pool: pg.Pool): PrismaClient {
  return new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: 10_000, timeout: 30_000 },
  });
}
