/** `baton health`: whether one step of the pipeline moves, by what the database shows; for health checks of containers. */
import { Argument, type Command } from 'commander';
import { type WorkerKind, WorkerKinds } from '../../workers/all.ts';
import { postgresGauges } from '../adapters/db/gauges.ts';
import { postgresOutages } from '../adapters/db/outages.ts';
import { createPool } from '../adapters/db/pool.ts';
import { postgresShadowTimes } from '../adapters/db/shadow-times.ts';
import { postgresStore } from '../adapters/db/store.ts';
import { FlowKinds, flowKindsOf, standstills, standstillWords } from '../app/health.ts';
import { lookingOnSince } from '../app/look-on.ts';
import { toIso } from '../domain/instant.ts';
import { watchedOf } from '../runtime/alarm.ts';
import { joinDatabase, timeOf } from '../runtime/database.ts';
import { configOption, loadForReading } from './config-option.ts';
import { Finding } from './exit.ts';

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
    const deps = {
      store,
      gauges: postgresGauges({ pool, time }),
      outages: postgresOutages({ pool, time }),
      watched: watchedOf(config),
    };
    const found = await standstills(deps, what === 'all' ? FlowKinds : flowKindsOf([what]));
    const addressOf = (id: string) => config.inboxes[id]?.address ?? id;
    const shadow = await lookingOnSince(postgresShadowTimes({ pool, time }));
    if (shadow !== null)
      process.stdout.write(`Baton only looks on since ${toIso(shadow)}: nobody but managers is mailed.\n`);
    if (found.length > 0) throw new Finding(found.map((one) => standstillWords(one, addressOf)).join('\n'));
  } finally {
    await store.close();
  }
}
