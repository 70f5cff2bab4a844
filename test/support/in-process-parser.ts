/** A MailParser without a process: for tests that need mails read and no limits. */
import { parseInProcess, readFilesInProcess, replyInProcess } from '../../src/adapters/mime/parse-mail.ts';
import type { MailParser } from '../../src/app/ports/mail-parser.ts';

export const inProcessParser = (): MailParser => ({
  parse: (raws) =>
    Promise.all(raws.map(async (raw) => ({ ok: true as const, mail: await parseInProcess(raw) }))),
  extractReply: (jobs) =>
    Promise.all(
      jobs.map(async ({ raw, sent }) => ({ ok: true as const, reply: await replyInProcess(raw, sent) })),
    ),
  readFiles: async (raw, { bytesMax }) => ({ ok: true, ...(await readFilesInProcess(raw, bytesMax)) }),
  close: async () => {},
});
