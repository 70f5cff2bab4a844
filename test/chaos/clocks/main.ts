/**
 * `npm run clocks -- --minutes 3`: three clock workers and two mailers as processes, each with a clock of its own that is
 * wrong, while PostgreSQL's clock is set on by two hours, back, on by three days, back and on.
 *
 * Tells which clocks fired how often; exit 1 when one fired early or twice, a mail was sent twice or not, or anything
 * that `baton verify` checks is wrong; 64 for wrong usage. Wants Debian's postgresql and faketime.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { postgresStore } from '../../../src/adapters/db/store.ts';
import { adoptPolicy } from '../../../src/app/adopt-policy.ts';
import { table } from '../../../src/cli/table.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { toPolicy } from '../../../src/config/policy.ts';
import { DAY, HOUR } from '../../../src/domain/instant.ts';
import { startMailServer } from '../../../src/runtime/mail-server/mail-server.ts';
import { baton, type Running, startBaton } from '../../support/processes.ts';
import { askedOf, demandServers } from '../../support/program.ts';
import { openSetClock } from '../../support/stack/faketime.ts';
import type { ServerName } from '../../support/stack/packages.ts';
import { startPostgres } from '../../support/stack/postgres.ts';
import { testPool } from '../../support/store-database.ts';
import { JUMPS, type JumpsReport, runJumps } from './jumps.ts';

const USAGE = `Usage: npm run clocks -- [--minutes 3]

  --minutes N   how long requests come in while clocks are set

Wants PostgreSQL and faketime installed:
  apt-get install postgresql faketime
`;
const NEEDS: readonly ServerName[] = ['postgres', 'faketime'];
const OFFICE = 'office@elm.example';
const SECRET = 'a secret of 32 characters or more';
/** How wrong each worker's own clock is. */
const WORKERS = [
  ['clock', 0],
  ['clock', 2 * HOUR],
  ['clock', -3 * DAY],
  ['mailer', 6 * DAY],
  ['mailer', -2 * HOUR],
] as const;

const startedAt = performance.now();
const say = (line: string): void =>
  void process.stderr.write(
    `[${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4)} s] ${line}\n`,
  );

const yaml = (imapPort: number, smtpPort: number, url: string): string => `
secret: ${SECRET}
defaults: { timeZone: Europe/Berlin, hours: { mon-sun: 00:00-24:00 } }
inboxes:
  office:
    address: ${OFFICE}
    name: Elm
    imap: { host: 127.0.0.1, port: ${imapPort}, tls: none, user: ${OFFICE}, password: none }
    smtp: { host: 127.0.0.1, port: ${smtpPort}, tls: none }
    authentication: { mode: token-and-sender-only }
    triageLead: leah
    finalManager: dana
members:
  leah: { name: Leah, addresses: [leah@team.example] }
  priya: { name: Priya, addresses: [priya@team.example] }
  sam: { name: Sam, addresses: [sam@team.example] }
  dana: { name: Dana, addresses: [dana@team.example], digest: "00:01" }
clocks: { accept: { normal: 20m }, progress: { normal: 1h }, answer: { normal: 3h }, help: 30m }
caps: { member: { hour: 1000000 } }
database: { url: "${url}" }
`;

function readMinutes(args: readonly string[]): number | null {
  const { values } = parseArgs({
    args: [...args],
    options: { minutes: { type: 'string', default: '3' }, help: { type: 'boolean' } },
  });
  if (values.help === true) return null;
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new RangeError(`--minutes wants a number above 0, not ${values.minutes}.`);
  return minutes;
}

async function run(minutes: number): Promise<JumpsReport> {
  const closers: (() => unknown)[] = [];
  try {
    return await underSetClocks(minutes, closers);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function underSetClocks(minutes: number, closers: (() => unknown)[]): Promise<JumpsReport> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-clocks-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const clock = openSetClock();
  closers.push(() => clock.end());
  const postgres = await startPostgres({ environment: clock.environment });
  closers.push(() => postgres.end());
  const received: string[] = [];
  const account = { user: OFFICE, password: 'none', folders: ['INBOX'] };
  const mails = await startMailServer({
    mailboxes: [account],
    onMail: (_, raw) => void received.push(messageIdOf(raw)),
  });
  closers.push(() => mails.close());
  const url = await postgres.freshDatabase();
  const path = join(folder, 'baton.yaml');
  writeFileSync(path, yaml(mails.imapPort, mails.smtpPort, url));
  const config = ['--config', path];
  const migrated = await baton(['migrate', ...config], {});
  if (migrated.code !== 0) throw new Error(migrated.stderr);

  const loaded = loadConfig(path, process.env);
  if (!loaded.ok) throw new Error('bug: the configuration is wrong');
  const pool = testPool(url);
  const store = postgresStore({ pool, time: 'database' });
  closers.push(() => store.close());
  const quiet = { info() {}, warn() {}, error() {} };
  const policy = await adoptPolicy({ store, log: quiet }, toPolicy(loaded.config));
  for (const [kind, ahead] of WORKERS) {
    const own = openSetClock(ahead);
    closers.push(() => own.end());
    const worker: Running = await startBaton([kind, ...config, '--log-level', 'warn'], own.environment);
    closers.push(() => worker.stop('SIGTERM'));
  }
  say(`${WORKERS.length} workers run, each by a clock of its own`);
  const chain = ['priya', 'sam', 'leah'];
  const spanMs = Math.round((minutes * 60_000) / (JUMPS.length + 1));
  const office = { store, policy, secret: SECRET, inboxId: 'office', chain };
  return runJumps({ office, pool, clock, spanMs, perSecond: 10, received: () => received, say });
}

const messageIdOf = (raw: Uint8Array): string =>
  /^message-id:\s*<([^>]+)>/im.exec(Buffer.from(raw).toString('latin1'))?.[1] ?? '';

const minutes = askedOf(USAGE, readMinutes);
demandServers(NEEDS);
const report = await run(minutes);
const rows = Object.entries(report.fired).map(([name, { times, inTime }]) => [name, times, inTime]);
process.stdout.write(
  [
    ...table(['Clock', 'Fired', 'Within 30 s'], rows),
    '',
    ...table(
      ['Set by', 'At rest after'],
      report.jumps.map(({ by, settledMs }) => [`${by / HOUR} h`, `${(settledMs / 1_000).toFixed(1)} s`]),
    ),
    '',
    `${report.requests} requests, ${report.mails} mails (${report.again} of them again), ${report.digests} digests, ${report.wrong.length} wrong`,
    ...report.wrong,
    '',
  ].join('\n'),
);
process.exitCode = report.wrong.length === 0 ? 0 : 1;
