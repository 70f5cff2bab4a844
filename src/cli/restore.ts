/** `baton restore`: a database as it was when a backup was made. */
import type { Command } from 'commander';
import { backUp } from '../adapters/db/backup.ts';
import { type CheckedBackup, checkBackup, lookAtTarget, restore } from '../adapters/db/restore.ts';
import { toIso } from '../domain/instant.ts';
import { readableFile, writeWhole } from '../runtime/backup-file.ts';
import { MIGRATIONS, openServer } from '../runtime/database.ts';
import { configOption, loadForReading } from './config-option.ts';
import { Finding } from './exit.ts';
import { terminalProgress } from './terminal-progress.ts';

type Options = { readonly config: string; readonly replace?: boolean };

export function addRestore(program: Command): void {
  program
    .command('restore')
    .argument('<file>', 'a file that "npx baton backup" made')
    .description('fill an empty database from a backup')
    .addOption(configOption())
    .option('--replace', 'also a database that is not empty: what it holds is backed up first, and then gone')
    .addHelpText(
      'after',
      '\nStop Baton before. Mail that came after the backup is still on its server and is taken in again when Baton' +
        ' starts:\nits requests are opened anew, and its customers are told once more that it came. Mail that was on its way' +
        ' out at the\ntime of the backup may be sent again with the same Message-ID. What teammates answered since is on' +
        ' the server too and\nis carried out again as far as it still fits. People who were erased since have to be erased' +
        ' again.\n\nExample:\n  npx baton restore baton-2026-03-02.backup',
    )
    .action(run);
}

async function run(file: string, options: Options): Promise<void> {
  const { config } = loadForReading(options.config);
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const open = await readableFile(file);
  const { progress, end } = terminalProgress();
  const checked = await checkBackup(open());
  const database = await openServer(config);
  try {
    const saved = await prepare(file, database.url, options.replace === true);
    if (saved !== null) say(`What the database held is in ${saved}.`);
    const violations = await restore({
      url: database.url,
      open,
      checked,
      folder: MIGRATIONS,
      progress,
    }).catch((error: unknown) => {
      say(
        'The database is not restored, and must not be used as it is. Cure the cause and run the same command again.',
      );
      throw error;
    });
    end();
    if (violations.length > 0) {
      const found = violations.map(
        ({ invariant, what, ids }) => `  ${invariant}  ${what}: ${ids.join(', ')}`,
      );
      throw new Finding(['It is restored, but not as it was:', ...found].join('\n'));
    }
    process.stdout.write(inWords(checked));
  } finally {
    end();
    await database.stop();
  }
}

/** Refuses what would be lost or disturbed; answers where a database that gives way was backed up. */
async function prepare(file: string, url: string, replace: boolean): Promise<string | null> {
  const { kind, busy } = await lookAtTarget(url);
  if (busy)
    throw new Finding(
      'Baton runs on this database. Stop all of its processes, then restore. Nothing was changed.',
    );
  if (kind === 'foreign') {
    throw new Finding(
      'This database holds tables that are not Baton’s. Name another one. Nothing was changed.',
    );
  }
  if (kind === 'empty') return null;
  if (!replace) {
    throw new Finding(
      'This database is not empty. Restore into a new one, or say --replace: then what it holds is backed up beside the ' +
        'file, and gone. Nothing was changed.',
    );
  }
  const saved = `${file}.replaced-${process.pid}`;
  await writeWhole(saved, (out) => backUp(url, out, () => {}));
  return saved;
}

function inWords({ header, counts, rows }: CheckedBackup): string {
  return [
    `Restored: ${rows} rows, ${counts.messages} mails and ${counts.conversations} requests as of ${toIso(header.createdAt)}.`,
    'All checksums, numbers and promises are as they were. The configuration needs the same secret as then.',
    'When Baton starts, it takes in what came since. New numbers begin well above the old ones.',
    '',
  ].join('\n');
}
