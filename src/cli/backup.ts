/** `baton backup`: everything that the database holds, as of one moment, in one file. */
import type { Command } from 'commander';
import { backUp } from '../adapters/db/backup.ts';
import { toIso } from '../domain/instant.ts';
import { writeWhole } from '../runtime/backup-file.ts';
import { borrowDatabase } from '../runtime/database.ts';
import { configOption, loadForReading } from './config-option.ts';
import { sizeOf, terminalProgress } from './terminal-progress.ts';

export function addBackup(program: Command): void {
  program
    .command('backup')
    .argument('<file>', 'where to write it; it must not exist yet')
    .description('write everything that the database holds to one file; Baton may run meanwhile')
    .addOption(configOption())
    .addHelpText(
      'after',
      '\nThe file holds everybody’s mail, readable for you alone. Not in it are the configuration and its secret: keep' +
        ' those\nbeside it, since without the same secret nobody’s answer to an earlier mail is recognised.' +
        '\n\nExample:\n  npx baton backup baton-2026-03-02.backup',
    )
    .action(run);
}

async function run(file: string, options: { readonly config: string }): Promise<void> {
  const { config } = loadForReading(options.config);
  const database = await borrowDatabase(config);
  const { progress, end } = terminalProgress();
  try {
    const { result, bytes } = await writeWhole(file, (out) => backUp(database.url, out, progress));
    end();
    const { counts, rows, createdAt } = result;
    process.stdout.write(
      `${file}: ${sizeOf(bytes)}, ${rows} rows, ${counts.messages} mails and ${counts.conversations} requests as of ` +
        `${toIso(createdAt)}.\n`,
    );
    process.stderr.write(
      'Not in it: the configuration and its secret. Keep them with it, in a safe place.\n',
    );
  } finally {
    end();
    await database.stop();
  }
}
