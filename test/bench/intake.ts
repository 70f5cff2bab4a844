/**
 * `npm run bench -- --intake 100000`: a mailbox of that many mails taken in from empty, on Dovecot and PostgreSQL,
 * by a poller and a classifier as an operator starts them; then a restart, which must fetch nothing twice.
 *
 * All of it is history, as in a mailbox that is some years old on the day Baton first starts: it must cause no mail and
 * no clock. JSON goes to `--json FILE` or standard output, everything else to standard error; exit 0 when every mail has
 * one row and nothing was sent, 1 when not, 64 for wrong usage.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { baton, type Running, startBaton } from '../support/processes.ts';
import { askedOf, demandServers, wholeNumber, writeFigures } from '../support/program.ts';
import { type Dovecot, PASSWORD, startDovecot } from '../support/stack/dovecot.ts';
import { setup } from '../support/stack/install.ts';
import type { ServerName } from '../support/stack/packages.ts';
import { DURABLE, startPostgres } from '../support/stack/postgres.ts';
import { dropInto } from './drop.ts';
import { intakeMail } from './intake-mail.ts';
import { cpuMsOf, usageOf } from './usage.ts';

const USAGE = 'Usage: npm run bench -- --intake 100000 [--json FILE]';
const NEEDS: readonly ServerName[] = ['dovecot', 'postgres'];
const ADDRESS = 'office@elm.example';
const LOOK_MS = 500;
/** Nobody waits longer than this for the next mail. */
const STUCK_MS = 120_000;

const startedAt = performance.now();
const secondsSince = (from: number): number => round((performance.now() - from) / 1_000, 1);
const say = (line: string) =>
  void process.stderr.write(`[${secondsSince(startedAt).toFixed(0).padStart(4)} s] ${line}\n`);
const round = (value: number, digits = 0) => Number(value.toFixed(digits));

type Mark = {
  readonly percent: number;
  readonly stored: number;
  readonly settled: number;
  readonly seconds: number;
  readonly rssMb: Readonly<Record<string, number>>;
};

async function bench(mails: number) {
  const closers: (() => unknown)[] = [];
  try {
    return await measure(mails, closers);
  } finally {
    say('throwing everything away');
    for (const close of closers.reverse()) await close();
  }
}

async function measure(mails: number, closers: (() => unknown)[]) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-intake-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const dovecot = await startDovecot();
  closers.push(() => dovecot.end());
  const postgres = await startPostgres(DURABLE);
  closers.push(() => postgres.end());
  const user = dovecot.newUser();
  say(`laying down ${mails} mails`);
  fill(dovecot, user, mails);
  const url = await postgres.freshDatabase();
  const path = join(folder, 'baton.yaml');
  writeFileSync(path, configuration(dovecot.port, user, url));
  const config = ['--config', path];
  const migrated = await baton(['migrate', ...config], {});
  if (migrated.code !== 0) throw new Error(migrated.stderr);
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on('error', () => {});
  closers.push(() => pool.end());
  const look = lookInto(pool);

  const workers = new Map<string, Running>();
  closers.push(() => Promise.all([...workers.values()].map((one) => one.stop('SIGTERM'))));
  const start = async (kind: string) => {
    workers.set(kind, await startBaton([kind, ...config, '--log-level', 'warn'], {}));
  };
  const begunAt = performance.now();
  await start('poller');
  await start('classifier');
  const marks = await takeIn(mails, look, workers, begunAt);
  const cpu = Object.fromEntries([...workers].map(([kind, { pid }]) => [kind, cpuMsOf([pid])]));
  const first = await look();

  say('restarting the poller');
  await workers.get('poller')?.stop('SIGTERM');
  const before = imapBytes(dovecot);
  const restartedAt = performance.now();
  await start('poller');
  const again = await comparedAfter(pool, restartedAt);
  await workers.get('poller')?.stop('SIGTERM');
  const last = await look();
  const fetched = imapBytes(dovecot) - before;
  const left = await leftBehind(pool);
  const isSound =
    first.stored === mails &&
    last.stored === mails &&
    last.settled === mails &&
    again.missing === 0 &&
    left === 0;
  if (!isSound) say(`WRONG: ${JSON.stringify({ first, last, again, left })}`);
  const seconds = marks.at(-1)?.seconds ?? Number.NaN;
  return {
    isSound,
    mails,
    secondsToStore: marks.find(({ stored }) => stored === mails)?.seconds ?? null,
    secondsToSettle: seconds,
    settledPerSecond: round(mails / seconds),
    marks,
    cpuMsPerMail: Object.fromEntries(Object.entries(cpu).map(([kind, ms]) => [kind, round(ms / mails, 2)])),
    restart: {
      secondsToCompared: again.seconds,
      rowsAdded: last.stored - first.stored,
      bytesFromServer: fetched,
    },
    sentOrClocked: left,
    machine: {
      cores: cpus().length,
      cpu: cpus()[0]?.model ?? '',
      loadAtEnd: loadavg().map((one) => round(one, 1)),
    },
  };
}

type Counts = { readonly stored: number; readonly settled: number };
type Look = () => Promise<Counts>;

/** Cheap enough to be asked twice a second: rows are numbered without a gap but for those that were rolled back. */
function lookInto(pool: pg.Pool): Look {
  return async () => {
    const { rows } = await pool.query<{ stored: string; open: string }>(
      `SELECT count(*) AS stored, count(*) FILTER (WHERE stage <> 'settled') AS open FROM message`,
    );
    const [row] = rows;
    return { stored: Number(row?.stored), settled: Number(row?.stored) - Number(row?.open) };
  };
}

/** Notes rate and memory on the way, and ends when all is stored and settled. */
async function takeIn(
  mails: number,
  look: Look,
  workers: ReadonlyMap<string, Running>,
  begunAt: number,
): Promise<Mark[]> {
  const marks: Mark[] = [];
  const percents = [10, 25, 50, 75, 100];
  let movedAt = performance.now();
  let known = -1;
  for (let isAllStored = false; ; ) {
    const { stored, settled } = await look();
    if (stored + settled > known) movedAt = performance.now();
    known = Math.max(known, stored + settled);
    if (performance.now() - movedAt > STUCK_MS)
      throw new Error(`stuck at ${stored} stored, ${settled} settled`);
    const percent = percents[0];
    const isMark = percent !== undefined && settled >= (mails * percent) / 100;
    if (isMark || (stored >= mails && !isAllStored)) {
      if (isMark) percents.shift();
      isAllStored ||= stored >= mails;
      const mark = {
        ...{ percent: round((settled / mails) * 100), stored, settled, seconds: secondsSince(begunAt) },
        rssMb: rssOf(workers),
      };
      marks.push(mark);
      say(`${stored} stored, ${settled} settled after ${mark.seconds} s, RSS ${JSON.stringify(mark.rssMb)}`);
    }
    if (settled >= mails) return marks;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function rssOf(workers: ReadonlyMap<string, Running>): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [kind, { pid }] of workers)
    for (const { name, rssMb } of usageOf([pid]))
      if (/main\.(ts|js)|parser-child/.test(name))
        found[name.includes('parser-child') ? 'parser' : kind] = rssMb;
  return found;
}

/** Resolves when the poller that was started again has counted the mailbox against its server. */
async function comparedAfter(pool: pg.Pool, from: number): Promise<{ seconds: number; missing: number }> {
  const question = 'SELECT reconciled_at, missing FROM mailbox';
  type Row = { reconciled_at: Date | null; missing: string };
  const earlier = (await pool.query<Row>(question)).rows[0]?.reconciled_at?.getTime() ?? 0;
  for (;;) {
    const row = (await pool.query<Row>(question)).rows[0];
    if ((row?.reconciled_at?.getTime() ?? 0) > earlier)
      return { seconds: secondsSince(from), missing: Number(row?.missing) };
    if (performance.now() - from > STUCK_MS) throw new Error('the mailbox was not compared');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS / 10));
  }
}

/** What Dovecot says that it sent, session by session, once they have ended. */
function imapBytes(dovecot: Dovecot): number {
  const sums = dovecot.daemon.log().matchAll(/ in=\d+ out=(\d+)/g);
  return [...sums].reduce((sum, [, out]) => sum + Number(out), 0);
}

/** Notices, requests and clocks: old mail must leave none of them. */
async function leftBehind(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ n: string }>(
    'SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM conversation) AS n',
  );
  return Number(rows[0]?.n);
}

function fill(dovecot: Dovecot, user: string, mails: number): void {
  const drop = dropInto(dovecot, user);
  for (let number = 1; number <= mails; number += 1) {
    drop.prepare(number, intakeMail(number, ADDRESS));
    drop.deliver(number);
  }
}

const configuration = (imapPort: number, user: string, url: string): string => `
secret: a secret for the bench, of 32 characters or more
defaults: { timeZone: UTC, hours: { mon-sun: 00:00-24:00 } }
inboxes:
  office:
    address: ${ADDRESS}
    name: Elm
    imap: { host: 127.0.0.1, port: ${imapPort}, tls: none, user: ${user}, password: ${PASSWORD} }
    smtp: { host: 127.0.0.1, port: 1, tls: none }
    folders: { sent: [] }
    authentication: { mode: token-and-sender-only }
    triageLead: leah
    finalManager: leah
members:
  leah: { name: Leah Stein, addresses: [leah@team.example] }
database: { url: "${url}" }
`;

function readOptions(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { intake: text, json: text, help: { type: 'boolean' } },
  });
  if (values.help === true) return null;
  return { mails: wholeNumber('intake', values.intake, 100_000, 1), json: values.json };
}

const { mails, json } = askedOf(USAGE, readOptions);
await setup();
demandServers(NEEDS);
const { isSound, ...result } = await bench(mails);
writeFigures(result, json);
process.exitCode = isSound ? 0 : 1;
