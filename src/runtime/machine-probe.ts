/** MachineProbe on this machine and on what a configuration names; starts nothing and changes nothing. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readReadiness, readServerFacts } from '../adapters/db/doctor.ts';
import { missingMigrations } from '../adapters/db/migrate.ts';
import { createPool, type Pool } from '../adapters/db/pool.ts';
import { checkRedis } from '../adapters/queue/check-redis.ts';
import type { TokenDeps } from '../app/access-tokens.ts';
import { Failure } from '../app/failures.ts';
import type { TokenSource } from '../app/ports/access-tokens.ts';
import type { MachineProbe } from '../app/ports/doctor.ts';
import type { Config } from '../config/schema.ts';
import type { DatabaseFacts } from '../domain/doctor/machine.ts';
import type { SignInFacts } from '../domain/doctor/sign-in.ts';
import type { InboxId } from '../domain/ids.ts';
import { fromMs } from '../domain/instant.ts';
import { MIGRATIONS } from './database.ts';
import { joinEmbeddedPostgres, wasStarted } from './embedded-postgres.ts';
import { inboxesWithTokens, mailLogin } from './mail-login.ts';

export type MachineProbeOf = MachineProbe & {
  /** What logs in to an inbox where no password does. */
  token(inbox: InboxId): TokenSource;
  close(): Promise<void>;
};

export function machineProbe(config: Config): MachineProbeOf {
  let opened: Promise<Pool | null> | null = null;
  const pool = (): Promise<Pool | null> => {
    opened ??= open(config);
    return opened;
  };
  return {
    nodeVersion: process.version,
    async disk() {
      const folder = nearest(config.data);
      const room = await statfs(folder).catch(() => null);
      return room === null ? null : { freeBytes: room.bavail * room.bsize, folder };
    },
    async database() {
      if (config.database.url === undefined)
        return { type: 'embedded', started: await wasStarted(config.data) };
      return askOwn(config.database.url, pool);
    },
    redis: () => askRedis(config),
    async databaseLead() {
      const joined = await pool();
      if (joined === null) return null;
      const before = Date.now();
      const facts = await readServerFacts(joined).catch(nothingKnown);
      // Half of the way there and back is what asking took.
      return facts === null ? null : facts.now - fromMs((before + Date.now()) / 2);
    },
    async signIn(inbox) {
      if (!inboxesWithTokens(config).includes(inbox)) return null;
      const joined = await pool();
      return joined === null ? 'unknown' : readSignIn(mailLogin(joined, () => config).deps, inbox);
    },
    token: (inbox) => async (refused) => {
      const joined = await pool();
      if (joined === null) throw new Failure('temporary', 'oauth-no-database', NO_DATABASE);
      return mailLogin(joined, () => config).tokens.of(inbox, refused);
    },
    async members() {
      const joined = await pool();
      return joined === null ? null : readReadiness(joined, Object.keys(config.members)).catch(nothingKnown);
    },
    async close() {
      await (await opened)?.end();
    },
  };
}

const NO_DATABASE = 'The database does not run, in which a sign-in is kept.';

async function readSignIn({ rows, grantsOf }: TokenDeps, inbox: InboxId): Promise<SignInFacts | null> {
  if (!grantsOf(inbox).needsPerson) return null;
  const { row } = await rows.read(inbox);
  if (row === null) return 'never';
  const { renewedAt, refreshUntil, failed } = row;
  return { renewedAt, until: refreshUntil, failed: failed?.forGood === true ? failed.code : null };
}

/** The embedded one only where it runs: a look is no reason to start it. */
async function open({ database, data }: Config): Promise<Pool | null> {
  const url = database.url ?? (await joinEmbeddedPostgres({ dataDir: data }))?.url;
  return url === undefined ? null : createPool(url, { max: 2, applicationName: 'baton-doctor' });
}

/** What is wrong with the database is told by the check of the database alone. */
function nothingKnown(error: unknown): null {
  if (error instanceof Failure) return null;
  throw error;
}

async function askOwn(url: string, pool: () => Promise<Pool | null>): Promise<DatabaseFacts> {
  try {
    const joined = await pool();
    if (joined === null) throw new Error('a database with an address has no pool');
    const { version, connectionsMax } = await readServerFacts(joined);
    const behind = (await missingMigrations(url, { folder: MIGRATIONS })).length;
    return { type: 'server', version, connectionsMax, behind };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { type: 'unreachable', why: error.message };
  }
}

async function askRedis({ redis }: Config): Promise<'not-used' | 'ready' | 'away' | { refused: string }> {
  if (redis.url === undefined) return 'not-used';
  try {
    return await checkRedis(redis.url);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { refused: error.message };
  }
}

/** The folder of data is made at the first start. */
function nearest(folder: string): string {
  let path = folder;
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  return path;
}
