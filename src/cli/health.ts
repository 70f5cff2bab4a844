/** `baton health`: whether one step of the pipeline moves, by what the database shows; for health checks of containers. */
import { Argument, type Command } from 'commander';
import { type WorkerKind, WorkerKinds } from '../../workers/all.ts';
import { postgresOutages } from '../adapters/db/outages.ts';
import { postgresOverview } from '../adapters/db/overview.ts';
import { createPool } from '../adapters/db/pool.ts';
import { postgresShadowTimes } from '../adapters/db/shadow-times.ts';
import { postgresStore } from '../adapters/db/store.ts';
import { lookingOnSince } from '../app/look-on.ts';
import type { Bell } from '../app/ports/queue.ts';
import { MINUTE, toIso } from '../domain/instant.ts';
import type { Trouble } from '../domain/outage.ts';
import { watchedOf } from '../runtime/alarm.ts';
import { joinDatabase, timeOf } from '../runtime/database.ts';
import { configOption, loadForReading } from './config-option.ts';
import { Finding } from './exit.ts';

/** Longer than the sweep and every worker's own round need to find what was missed. */
const PATIENCE = 3 * MINUTE;

export function addHealth(program: Command): void {
  program
    .command('health')
    .description(
      'exit 1 when a step does not move: mail is not read or does not go out, or work waits for more than three minutes',
    )
    .addArgument(new Argument('[what]', 'one kind of worker').choices(['all', ...WorkerKinds]).default('all'))
    .addOption(configOption())
    .action(run);
}

async function run(what: 'all' | WorkerKind, options: { readonly config: string }): Promise<void> {
  const { config } = loadForReading(options.config);
  const pool = createPool(await joinDatabase(config), { max: 1, applicationName: 'baton-health' });
  const time = await timeOf(config);
  const store = postgresStore({ pool, time });
  try {
    const kinds: readonly WorkerKind[] = what === 'all' ? WorkerKinds : [what];
    const troubles: string[] = [];
    const unrung = await store.findUnrung(PATIENCE, 1);
    for (const kind of kinds) {
      const bell = BELL_OF[kind];
      if (bell !== undefined && (unrung.get(bell) ?? []).length > 0)
        troubles.push(`${kind}: work has been waiting for more than three minutes.`);
    }
    const { clocksLate } = await postgresOverview({ pool, time }).read();
    const { troubles: found } = await postgresOutages({ pool, time }).look(watchedOf(config));
    for (const { kind, inboxId, code } of found) {
      const told = TOLD_OF[kind];
      if (told === undefined || !kinds.includes(told.worker)) continue;
      const why = code === null ? '' : ` (${code})`;
      troubles.push(`${told.worker}: ${told.words(config.inboxes[inboxId]?.address ?? inboxId)}${why}.`);
    }
    if (kinds.includes('clock') && clocksLate > PATIENCE)
      troubles.push('clock: something has been due for more than three minutes.');
    const shadow = await lookingOnSince(postgresShadowTimes({ pool, time }));
    if (shadow !== null)
      process.stdout.write(`Baton only looks on since ${toIso(shadow)}: nobody but managers is mailed.\n`);
    if (troubles.length > 0) throw new Finding(troubles.join('\n'));
  } finally {
    await store.close();
  }
}

const BELL_OF: Readonly<Partial<Record<WorkerKind, Bell>>> = {
  classifier: 'classify',
  router: 'route',
  replies: 'reply',
  mailer: 'deliver',
};

type Said = { readonly worker: WorkerKind; readonly words: (address: string) => string };

/** What waits to be looked at is told by the bells, which know for whom it waits. */
const TOLD_OF: Readonly<Partial<Record<Trouble['kind'], Said>>> = {
  login: { worker: 'poller', words: (address) => `the sign-in for ${address} has been refused` },
  intake: { worker: 'poller', words: (address) => `the mail of ${address} is not being read` },
  sending: { worker: 'mailer', words: (address) => `mail of ${address} does not go out` },
  paging: { worker: 'mailer', words: (address) => `urgent pages of ${address} do not go out` },
};
