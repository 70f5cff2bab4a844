/**
 * `npm run scale:per-mail -- --mails 1000`: what one mail costs each part of a machine, from Dovecot to an SMTP sink on the
 * production shape: processor time of every process, commits, rows, WAL and disk of PostgreSQL, commands of Redis.
 *
 * The counters are read before and after so many mails that come at once, and divided. Unlike times these hold on a busy
 * machine too. JSON goes to `--json FILE` or standard output, the table to standard error; 64 for wrong usage.
 */
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { table } from '../../../src/cli/table.ts';
import { askedOf, demandServers, wholeNumber, writeFigures } from '../../support/program.ts';
import { endings } from '../endings.ts';
import { openLine, warmUp } from '../line.ts';
import { openStand, type Stand } from '../stand.ts';
import { measureRun } from '../throughput.ts';

const USAGE = 'Usage: npm run scale:per-mail -- [--mails 1000] [--warm 200] [--json FILE]';

type Counters = Readonly<Record<string, number>>;

/** Of one moment; what is told apart by a colon belongs together. */
async function countersOf(stand: Stand, redis: Redis): Promise<Counters> {
  const counters: Record<string, number> = {};
  const { baton, servers } = stand.cpuMs();
  for (const [kind, ms] of Object.entries(baton)) counters[`CPU ms: Baton's ${kind}`] = ms;
  for (const [name, ms] of Object.entries(servers)) counters[`CPU ms: ${name}`] = ms;
  const [figures] = await stand.ask<Record<string, string>>(DATABASE);
  for (const [name, value] of Object.entries(figures ?? {})) counters[`PostgreSQL: ${name}`] = Number(value);
  const commands = /total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1];
  counters['Redis: commands'] = Number(commands);
  const calls = (await redis.info('commandstats')).matchAll(/cmdstat_(\S+?):calls=(\d+)/g);
  for (const [, name, count] of calls) counters[`Redis: ${name}`] = Number(count);
  return counters;
}

/** Statistics of tables are told by each connection a second after its last statement. */
const DATABASE = `
  SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS "WAL bytes",
    pg_database_size(current_database()) AS "disk bytes",
    (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()) AS commits,
    (SELECT sum(n_tup_ins) FROM pg_stat_user_tables) AS "rows written",
    (SELECT sum(n_tup_upd) FROM pg_stat_user_tables) AS "rows changed",
    (SELECT sum(n_tup_hot_upd) FROM pg_stat_user_tables) AS "of these without indexes",
    (SELECT sum(pg_table_size(relid)) FROM pg_stat_user_tables) AS "bytes of tables, long values among them",
    (SELECT sum(pg_indexes_size(relid)) FROM pg_stat_user_tables) AS "bytes of indexes",
    (SELECT wal_fpi FROM pg_stat_wal) AS "whole pages in the WAL"`;

const SETTLED_MS = 3_000;

async function run(mails: number, warm: number) {
  const everything = endings((error) => void process.stderr.write(`${error}\n`));
  const stand = await openStand({ endings: everything }, 'production');
  if (stand.redisUrl === null) throw new Error('bug: the production shape has a Redis');
  const redis = new Redis(stand.redisUrl);
  everything.add(() => redis.disconnect());
  try {
    await stand.startWorkers();
    const line = await openLine(stand);
    await warmUp(stand, line, warm);
    await quiet();
    // What a checkpoint leaves to be written whole again comes once in minutes, not with every mail.
    await stand.ask('CHECKPOINT');
    const before = await countersOf(stand, redis);
    const { perSecond } = await measureRun(stand, line, mails, () => undefined);
    await quiet();
    const after = await countersOf(stand, redis);
    const rssMb = stand.rssMb();
    await line.listener.close();
    const perMail = Object.fromEntries(
      Object.entries(after)
        .map(([name, value]) => [name, (value - (before[name] ?? 0)) / mails] as const)
        .filter(([, value]) => value >= 0.001)
        .map(([name, value]) => [name, Number(value.toPrecision(4))]),
    );
    return { mails, perSecond: Math.round(perSecond), perMail, rssMb };
  } finally {
    await everything.closeAll();
  }
}

const quiet = (): Promise<void> => new Promise((done) => setTimeout(done, SETTLED_MS));

function readOptions(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { mails: text, warm: text, json: text, help: { type: 'boolean' } },
  });
  if (values.help === true) return null;
  return {
    mails: wholeNumber('mails', values.mails, 1_000, 1),
    warm: wholeNumber('warm', values.warm, 200, 1),
    json: values.json,
  };
}

const { mails, warm, json } = askedOf(USAGE, readOptions);
demandServers(['dovecot', 'smtp-sink', 'postgres', 'redis']);
const report = await run(mails, warm);
const lines = Object.entries(report.perMail).map(([name, value]) => [name, value]);
process.stderr.write(`\n${table(['For each mail', ''], lines).join('\n')}\n\n`);
writeFigures(report, json);
