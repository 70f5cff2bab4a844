/**
 * `baton thread`: shows which mails of an archive belong together, one JSON object per message in the order of the
 * paths. Needs no configuration and no database, and keeps nothing; bodies are let go of once a mail was read.
 */
import type { Command } from 'commander';
import { type ArchivedMail, threadArchive } from '../domain/archive-threads.ts';
import type { Mail } from '../domain/message.ts';
import { ExitCode } from './exit.ts';
import { openPrinter, readMails } from './read-mails.ts';

export function addThread(program: Command): void {
  program
    .command('thread')
    .description('show which mails belong together, as JSON')
    .argument(
      '<path...>',
      '.eml files, folders of them (Maildirs too), mbox files, also packed with gzip; - for one mail on standard input',
    )
    .option('--ndjson', 'one line per message')
    .addHelpText(
      'after',
      '\nEach message is {"file", "messageId", "conversation", "evidence"}: mails with one number are one' +
        '\nconversation, and evidence is what ties a mail to the others (null: it begins one).' +
        '\nIt needs no configuration and keeps nothing. What cannot be read comes as {"file", "error"}, and then the' +
        '\nexit code is 1.' +
        '\n\nExamples:\n  npx baton thread --ndjson archive/ old.mbox' +
        '\n  npx baton thread --ndjson archive/ | jq -s "group_by(.conversation) | map(length)"',
    )
    .action(run);
}

type Entry = { readonly file: string } & ({ readonly error: string } | { readonly mail: ArchivedMail });

async function run(paths: readonly string[], options: { readonly ndjson?: boolean }): Promise<void> {
  const entries: Entry[] = [];
  for await (const read of readMails(paths)) {
    entries.push('error' in read ? read : { file: read.file, mail: archived(read.mail) });
  }
  const mails = entries.flatMap((entry) => ('mail' in entry ? [entry.mail] : []));
  const threads = threadArchive(mails).values();
  const print = openPrinter(options);
  for (const entry of entries) {
    const { conversation = null, evidence = null } = 'mail' in entry ? (threads.next().value ?? {}) : {};
    const { file } = entry;
    const object =
      'error' in entry
        ? { file, error: entry.error }
        : { file, messageId: entry.mail.messageId, conversation, evidence };
    if (!(await print(object))) break;
  }
  process.exitCode = entries.length === mails.length ? ExitCode.ok : ExitCode.finding;
}

/** What threading hangs on: an archive of any size is kept in mind, so its bodies are not. */
function archived(mail: Mail): ArchivedMail {
  const { messageId, inReplyTo, references, subject, date, from, to, cc, bodyHash, reply } = mail;
  const quotes = reply.quoted.trim() !== '';
  return { messageId, inReplyTo, references, subject, date, from, to, cc, bodyHash, quotes };
}
