/** PostgreSQL, its disk and the way to it. */
import pg from 'pg';
import { chosen, type Fault, type Ground, nothingToMend } from './fault.ts';
import { network } from './network.ts';

const TABLES = ['message', 'conversation', 'event', 'outbox', 'outbox_words', 'attempt', 'mailbox'] as const;
const RESET_AFTER = [100, 1_000, 10_000] as const;

const away =
  (fall: 'stopImmediately' | 'crash'): Fault =>
  async ({ setting }) => {
    await setting.postgres[fall]();
    return () => setting.postgres.start();
  };

export const postgresFaults = {
  'postgres-immediate': away('stopImmediately'),
  'postgres-killed': away('crash'),
  'postgres-away': away('stopImmediately'),
  'postgres-hangs': ({ setting }) => {
    const pids = setting.postgres.daemon.pids();
    for (const pid of pids) signalled(pid, 'SIGSTOP');
    return () => pids.forEach((pid) => void signalled(pid, 'SIGCONT'));
  },
  'postgres-locked': async ({ setting }, choice) => {
    const holder = new pg.Client({ connectionString: setting.directConfig.env.DATABASE_URL });
    holder.on('error', () => {});
    await holder.connect();
    await holder.query('SET lock_timeout = 20000');
    await holder.query(`BEGIN; LOCK TABLE ${chosen(TABLES, choice)} IN ACCESS EXCLUSIVE MODE`);
    return () => holder.end();
  },
  'postgres-terminated': async ({ setting }) => {
    await setting.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'baton' AND pid <> pg_backend_pid()",
    );
    return nothingToMend;
  },
  'disk-full': async ({ setting }) => {
    if (setting.disk === null) return nothingToMend;
    await setting.disk.fill();
    return () => freed(setting);
  },
  ...network('postgres', { slowMs: 100, resetAfter: RESET_AFTER }),
} satisfies Record<string, Fault>;

/** Without room for its log PostgreSQL ends itself; whoever makes room starts it again. */
async function freed({ disk, postgres }: Ground['setting']): Promise<void> {
  disk?.free();
  if (postgres.daemon.pids().length === 0) await postgres.start();
}

/** Processes of connections end by themselves. */
function signalled(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}
