/** What the machine and the database give Baton to work with. */
import { type Duration, SECOND } from '../instant.ts';
import { type Check, fine, problem, skipped, warning } from './check.ts';

/** The oldest that package.json allows. */
const NODE_MIN = 24;

export function nodeCheck(version: string): Check {
  const found = { id: 'node' };
  const major = Number(version.replace(/^v/, '').split('.', 1)[0]);
  if (major >= NODE_MIN) return fine(found, version.replace(/^v/, ''));
  return problem(
    found,
    `Node ${version} is too old.`,
    'Baton is written for newer ones and may fail at any step.',
    `Start it by "npx baton", which brings Node ${NODE_MIN} along, or install that.`,
  );
}

export type Disk = { readonly freeBytes: number; readonly folder: string };

const GIGABYTE = 1_000_000_000;

/** null: it could not be asked. */
export function diskCheck(disk: Disk | null): Check {
  const found = { id: 'disk' };
  if (disk === null) return skipped(found, 'the free space of the data folder could not be read');
  const free = `${(disk.freeBytes / GIGABYTE).toFixed(1)} GB free in ${disk.folder}`;
  if (disk.freeBytes >= 2 * GIGABYTE) return fine(found, free);
  const means = 'When it is full the database stops, and no mail is taken in until there is room again.';
  const fix = 'Make room, or name another folder in "data". Ten thousand mails with photos need about 5 GB.';
  return disk.freeBytes < GIGABYTE / 5
    ? problem(found, `Only ${free}.`, means, fix)
    : warning(found, `Only ${free}.`, means, fix);
}

export type DatabaseFacts =
  /** The embedded one, which is brought along. */
  | { readonly type: 'embedded'; readonly started: boolean }
  | { readonly type: 'unreachable'; readonly why: string }
  | {
      readonly type: 'server';
      readonly version: number;
      readonly connectionsMax: number;
      /** Folders of migrations that it has not had. */
      readonly behind: number;
    };

const POSTGRES_MIN = 15;
/** A process of all workers, the commands of an operator, and a backup at the same time. */
const CONNECTIONS_MIN = 40;

export function databaseChecks(facts: DatabaseFacts): Check[] {
  const found = { id: 'database' };
  switch (facts.type) {
    case 'embedded':
      return [
        fine(
          found,
          facts.started ? 'the embedded PostgreSQL' : 'the embedded PostgreSQL, made at the first start',
        ),
      ];
    case 'unreachable':
      return [
        problem(
          found,
          facts.why,
          'Nothing is taken in: mail waits on its server until the database answers.',
          'Check database.url: user, password, host and name.',
        ),
      ];
    case 'server':
      return [
        versionCheck(facts.version),
        migrationsCheck(facts.behind),
        connectionsCheck(facts.connectionsMax),
      ];
    default:
      return facts satisfies never;
  }
}

function versionCheck(version: number): Check {
  const found = { id: 'database' };
  if (version >= POSTGRES_MIN) return fine(found, `PostgreSQL ${version}`);
  return problem(
    found,
    `PostgreSQL ${version} is too old.`,
    'Statements of Baton use what it does not have.',
    `Use PostgreSQL ${POSTGRES_MIN} or newer.`,
  );
}

function migrationsCheck(behind: number): Check {
  const found = { id: 'database-schema' };
  if (behind === 0) return fine(found, 'up to date');
  return problem(
    found,
    `The schema lacks ${behind} ${behind === 1 ? 'migration' : 'migrations'}.`,
    'Baton does not start on it.',
    'Run "npx baton migrate --config FILE" once; a database of your own is never changed without being asked.',
  );
}

function connectionsCheck(most: number): Check {
  const found = { id: 'database-connections' };
  if (most >= CONNECTIONS_MIN) return fine(found, `up to ${most}`);
  return warning(
    found,
    `max_connections is ${most}.`,
    'Several workers, a backup and this command at once may find no connection left, and wait.',
    `Set max_connections = 100 in postgresql.conf, or start fewer processes.`,
  );
}

export type RedisFacts = 'not-used' | 'ready' | 'away' | { readonly refused: string };

export function redisCheck(facts: RedisFacts): Check {
  const found = { id: 'redis' };
  if (facts === 'not-used') return skipped(found, 'not used: the database carries the queue');
  if (facts === 'ready') return fine(found, 'it answers, and keeps what it is given (noeviction)');
  if (facts === 'away')
    return warning(
      found,
      'Redis does not answer.',
      'Work is found a few seconds later, since workers then look for it themselves.',
      'Start it, or check redis.url.',
    );
  const [first = '', ...rest] = facts.refused.split('\n');
  return problem(found, first, 'Baton does not start with it.', rest.join(' ').trim() || 'See redis.url.');
}

/** A clock's lead over ours; null: it could not be asked. */
export function skewCheck(
  of: 'database' | 'mail-server',
  lead: Duration | null,
  inbox: string | null,
): Check {
  const found = { id: of === 'database' ? 'clock-database' : 'clock-mail-server', inbox };
  const whose = of === 'database' ? 'The clock of the database' : 'The clock of the mail server';
  if (lead === null)
    return skipped(found, of === 'database' ? 'the database does not run' : 'seen with --send alone');
  const seconds = Math.round(Math.abs(lead) / SECOND);
  if (seconds <= SKEW_MAX)
    return fine(
      found,
      `${of === 'database' ? "the database's" : "the mail server's"} agrees with this machine's`,
    );
  return warning(
    found,
    `${whose} is ${seconds} s ${lead > 0 ? 'ahead of' : 'behind'} this machine's.`,
    of === 'database'
      ? 'The database tells the time of every promise, so people are asked that much too early or late.'
      : 'Mail seems to come earlier or later than it did.',
    'Have both machines ask a time server: "timedatectl set-ntp true".',
  );
}

/** Below that it may be the way there and back. */
const SKEW_MAX = 10;
