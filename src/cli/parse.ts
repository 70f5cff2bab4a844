/**
 * `baton parse`: shows mails as Baton reads them, one JSON object per message. Needs no configuration and no
 * database, and keeps nothing. What cannot be read is an object with `error`, never a crash.
 */
import type { Command } from 'commander';
import { toDate } from '../domain/instant.ts';
import type { Mail } from '../domain/message.ts';
import { screen } from '../domain/screening.ts';
import { ExitCode } from './exit.ts';
import { type MailRead, openPrinter, readMails } from './read-mails.ts';

export function addParse(program: Command): void {
  program
    .command('parse')
    .description('show mails as Baton reads them, as JSON')
    .argument(
      '<path...>',
      '.eml files, folders of them (Maildirs too), mbox files, also packed with gzip; - for one mail on standard input',
    )
    .option('--ndjson', 'one line per message')
    .addHelpText(
      'after',
      '\nIt needs no configuration and keeps nothing. What cannot be read has an "error", beside it what its' +
        '\nheader says where that could be read, and then the exit code is 1.' +
        '\n\nExamples:\n  npx baton parse mail.eml\n  npx baton parse --ndjson archive/ old.mbox | jq -r .reply.text',
    )
    .action(run);
}

async function run(paths: readonly string[], options: { readonly ndjson?: boolean }): Promise<void> {
  const print = openPrinter(options);
  let unreadable = 0;
  for await (const read of readMails(paths)) {
    if ('error' in read) unreadable += 1;
    if (!(await print(describe(read)))) break;
  }
  process.exitCode = unreadable === 0 ? ExitCode.ok : ExitCode.finding;
}

/** The object that stands for one mail. */
function describe(read: MailRead): object {
  if (!('error' in read)) return describeMail(read.file, read.mail);
  const { file, header, error } = read;
  return { ...(header === null ? { file } : describeMail(file, header)), error };
}

function describeMail(file: string, mail: Mail): object {
  const { kind, why } = screen(mail, { addresses: [] });
  const { messageId, from, to, cc, replyTo, subject, inReplyTo, references, text, reply, forwarded } = mail;
  return {
    file,
    messageId,
    date: mail.date === null ? null : toDate(mail.date).toISOString(),
    from,
    to,
    cc,
    replyTo,
    subject,
    inReplyTo,
    references,
    kind,
    why,
    ...(mail.report === null ? {} : { bounce: mail.report }),
    text,
    reply,
    ...(forwarded === null ? {} : { forwarded }),
    attachments: mail.attachments.map(({ filename, contentType, size }) => ({ filename, contentType, size })),
    warnings: mail.warnings,
  };
}
