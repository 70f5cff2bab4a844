/** Postfix' smtp-sink on a free loopback port: keeps every mail in a folder, and fails as its flags say. */
import { chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { OutgoingMail } from '../../../src/app/ports/mail-sender.ts';
import { type Daemon, freePort, isListening, LOOPBACK, openDaemon, SERVER_USER } from './daemon.ts';
import { program } from './packages.ts';

export type SmtpSink = {
  readonly address: string;
  readonly port: number;
  readonly daemon: Daemon;
  /** Where the mails lie, one file each. */
  readonly folder: string;
  /** What it kept, in the order in which it had it whole. A mail to several recipients counts once for each. */
  mails(): OutgoingMail[];
  forget(): void;
  /** Where it writes down what it refuses; see `restart`. */
  readonly refused: string;
  /**
   * Ends it and begins again on the same port and folder with other flags; none means that it behaves. smtp-sink keeps
   * what it refuses as well: where that must not count as received, `isRefusing` has it kept apart.
   */
  restart(flags?: readonly string[], isRefusing?: boolean): Promise<void>;
  end(options?: { keepLog?: boolean }): Promise<void>;
};

/**
 * Flags of smtp-sink(1) for the stages CONNECT, EHLO, MAIL, RCPT, DATA and `.`: `-q .` closes without an answer after
 * the stage, `-Q RCPT` says 421 and closes, `-r RCPT` refuses for now, `-f .` for good, `-W .:30` answers 30 seconds
 * late, `-A 0` aborts within the content.
 */
export async function startSmtpSink(
  options: { flags?: readonly string[]; address?: string } = {},
): Promise<SmtpSink> {
  const { address = LOOPBACK } = options;
  const port = await freePort();
  let flags = options.flags ?? [];
  let into = 'mails';
  const daemon = await openDaemon({
    name: 'smtp-sink',
    prepare: async ({ folder }) => {
      for (const name of ['mails', 'refused']) {
        mkdirSync(join(folder, name));
        chownSync(join(folder, name), SERVER_USER.uid, SERVER_USER.gid);
      }
    },
    command: (folder) => ({
      command: program('smtp-sink') ?? 'smtp-sink',
      args: [...flags, '-d', join(folder, into, 'mail.'), `inet:${address}:${port}`, '100'],
    }),
    isReady: () => isListening(port, address),
  });
  const folder = join(daemon.folder, 'mails');
  return {
    address,
    port,
    daemon,
    folder,
    refused: join(daemon.folder, 'refused'),
    mails: () => inOrder(folder).flatMap((path) => readDump(readFileSync(path))),
    forget: () => {
      for (const path of inOrder(folder)) rmSync(path);
    },
    async restart(next = [], isRefusing = false) {
      await daemon.kill('SIGKILL');
      // What was opened and not begun to be written is no mail, and its sender was told of none.
      for (const path of inOrder(folder)) if (statSync(path).size === 0) rmSync(path);
      flags = next;
      into = isRefusing ? 'refused' : 'mails';
      await daemon.start();
    },
    end: daemon.end,
  };
}

function inOrder(folder: string): string[] {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const writtenAt = new Map(files.map((path) => [path, statSync(path, { bigint: true }).mtimeNs]));
  return files.sort((a, b) => Number((writtenAt.get(a) ?? 0n) - (writtenAt.get(b) ?? 0n)));
}

/**
 * The envelope stands in headers before a Received header of three lines; behind the content comes one empty line, and
 * all line ends are LF. Empty for a mail that is not complete.
 */
function readDump(dump: Buffer): OutgoingMail[] {
  const text = dump.toString('latin1');
  const start = /^(?:X-[^\n]*\n)*Received: [^\n]*\n(?:\t[^\n]*\n)*/.exec(text)?.[0] ?? '';
  if (start === '' || !text.endsWith('\n\n')) return [];
  const argument = (name: string) =>
    [...start.matchAll(new RegExp(`^X-${name}-Args: <([^>\n]*)>`, 'gm'))].map(([, address]) => address ?? '');
  const content = text.slice(start.length, -1).replaceAll('\n', '\r\n');
  const [envelopeFrom = ''] = argument('Mail');
  return argument('Rcpt').map((envelopeTo) => ({
    envelopeFrom,
    envelopeTo,
    raw: Buffer.from(content, 'latin1'),
  }));
}
