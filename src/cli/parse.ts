/**
 * `baton parse`: shows mails as Baton reads them, one JSON object per message. Needs no configuration and no
 * database, and keeps nothing. What cannot be read is an object with `error`, never a crash.
 */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { openParserPool } from '../adapters/mime/parser-pool.ts';
import type { MailParser, ParseResult } from '../app/ports/mail-parser.ts';
import { toDate } from '../domain/instant.ts';
import type { Mail } from '../domain/message.ts';
import { screen } from '../domain/screening.ts';
import { type MailFile, readMailFiles } from '../runtime/mail-files.ts';
import { ExitCode } from './exit.ts';

/** In work at a time: keeps every child busy and the memory small. */
const AHEAD_MAX = 64;
const AHEAD_BYTES_MAX = 32 * 1024 * 1024;
const CHILDREN_MAX = 4;
const PROGRESS_EVERY_MS = 500;

export function addParse(program: Command): void {
  program
    .command('parse')
    .description('show mails as Baton reads them, as JSON')
    .argument('<path...>', '.eml files, folders of them, mbox files')
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
  const parser = openParserPool({ children: Math.min(CHILDREN_MAX, availableParallelism()) });
  const progress = startProgress();
  let unreadable = 0;
  let isRead = true;
  // Whoever reads what we write may have seen enough: `baton parse … | head`.
  const closed = new Promise<void>((resolve, reject) => {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      isRead = false;
      if (error.code === 'EPIPE') resolve();
      else reject(error);
    });
  });
  closed.catch(() => {});
  try {
    for await (const object of parseInOrder(parser, paths)) {
      if (!isRead) break;
      if ('error' in object) unreadable += 1;
      progress.step();
      const text = options.ndjson ? JSON.stringify(object) : JSON.stringify(object, null, 2);
      if (!process.stdout.write(`${text}\n`)) await Promise.race([drained(), closed]);
    }
  } finally {
    progress.end();
    await parser.close();
  }
  process.exitCode = unreadable === 0 ? ExitCode.ok : ExitCode.finding;
}

const drained = () => new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()));

/** Answers in the order of the mails, while some are read ahead. */
async function* parseInOrder(parser: MailParser, paths: readonly string[]): AsyncGenerator<object> {
  const ahead: { readonly answer: Promise<object>; readonly bytes: number }[] = [];
  let bytes = 0;
  for await (const found of readMailFiles(paths)) {
    const size = 'raw' in found ? found.raw.length : 0;
    const answer = parseOne(parser, found);
    // It is waited for below, or nobody wants it any more.
    answer.catch(() => {});
    ahead.push({ answer, bytes: size });
    bytes += size;
    while (ahead.length > AHEAD_MAX || bytes > AHEAD_BYTES_MAX) {
      const next = ahead.shift();
      if (next === undefined) break;
      yield await next.answer;
      bytes -= next.bytes;
    }
  }
  for (const { answer } of ahead) yield await answer;
}

async function parseOne(parser: MailParser, found: MailFile): Promise<object> {
  if ('error' in found) return found;
  const [result] = await parser.parse([found.raw]);
  return describeResult(found.file, result as ParseResult);
}

/** The object that stands for one mail. */
function describeResult(file: string, result: ParseResult): object {
  if (result.ok) return describeMail(file, result.mail);
  return { ...(result.header === null ? { file } : describeMail(file, result.header)), error: result.why };
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

/** For somebody at a terminal who waits; silent otherwise. */
function startProgress(): { readonly step: () => void; readonly end: () => void } {
  let count = 0;
  let shown = false;
  const show = () => {
    shown = true;
    process.stderr.write(`\r${count} mails read`);
  };
  const timer = process.stderr.isTTY ? setInterval(show, PROGRESS_EVERY_MS) : null;
  return {
    step: () => {
      count += 1;
    },
    end: () => {
      if (timer !== null) clearInterval(timer);
      if (shown) process.stderr.write(`\r${count} mails read\n`);
    },
  };
}
