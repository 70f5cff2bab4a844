/** `baton migrate`: brings the schema of the database up to date. The embedded database does so by itself at each start. */
import type { Command } from 'commander';
import { migrate, missingMigrations } from '../adapters/db/migrate.ts';
import { asFirst, MIGRATIONS, openDatabase } from '../runtime/database.ts';
import { configOption, loadForReading } from './config-option.ts';

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the schema of the database up to date')
    .addOption(configOption())
    .action(async (options: { config: string }) => {
      const { config } = loadForReading(options.config);
      const say = (line: string) => void process.stderr.write(`${line}\n`);
      if (config.database.url === undefined) {
        const database = await openDatabase(config, say);
        await database.stop();
        return say('The embedded database is up to date.');
      }
      const missing = missingMigrations(config.database.url, { folder: MIGRATIONS });
      await asFirst(missing, 'Nothing was done', 'try again');
      const { applied } = await migrate(config.database.url, { folder: MIGRATIONS });
      say(
        applied.length === 0 ? 'Nothing to do: the schema is up to date.' : `Applied ${applied.join(', ')}.`,
      );
    });
}
