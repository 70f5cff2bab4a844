/**
 * People with mail programs of Debian: neomutt on a terminal and s-nail from a script, each reading their mailbox over
 * IMAP and sending over SMTP. Nothing of what they send is written here but the words.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PASSWORD } from './dovecot.ts';
import { program } from './packages.ts';

export type Person = { readonly name: string; readonly address: string; readonly user: string };

export type Desk = {
  /** Kept from one answer to the next: what the programs need to be set up, and what they said. */
  readonly folder: string;
  readonly imapPort: number;
  readonly smtpPort: number;
};

const GIVE_UP_MS = 60_000;

/** Opens the last mail of the inbox in neomutt, and sends an answer with these words above the quoted mail. */
export async function answerInNeomutt(
  desk: Desk,
  person: Person,
  written: string,
  { attach = null }: { attach?: string | null } = {},
): Promise<void> {
  const home = join(desk.folder, person.user);
  mkdirSync(home, { recursive: true });
  const put = (name: string, text: string): string => {
    writeFileSync(join(home, name), text);
    return join(home, name);
  };
  const words = put('written', `${written}\n\n`);
  // The editor is opened on the quoted mail, and what it leaves in the file is sent.
  const editor = put(
    'editor',
    `#!/bin/sh\ncat '${words}' "$1" > '${home}/whole' && cat '${home}/whole' > "$1"\n`,
  );
  chmodSync(editor, 0o755);
  const settings = put('neomuttrc', neomuttSettings(desk, person, { home, editor }));
  const attached = attach === null ? '' : `<attach-file>${attach}<enter>`;
  const keys = `push "<last-entry><reply>${attached}<send-message><quit>"`;
  const neomutt = [program('neomutt') ?? 'neomutt', '-n', '-F', settings, '-e', keys].map(quoted).join(' ');
  // It draws on a terminal, which script(1) makes for it.
  await runProgram('script', ['--quiet', '--return', '--command', neomutt, '/dev/null'], home);
}

const neomuttSettings = (
  { imapPort, smtpPort }: Desk,
  { name, address, user }: Person,
  { home, editor }: { home: string; editor: string },
): string => {
  writeFileSync(join(home, 'signature'), `${name}\nElm Property Management\n`);
  return `
set folder = "imap://${user}@127.0.0.1:${imapPort}/"
set spoolfile = "+INBOX"
set record = "+Sent"
set imap_pass = "${PASSWORD}"
set imap_authenticators = "plain"
set ssl_starttls = no
set ssl_force_tls = no
set smtp_url = "smtp://127.0.0.1:${smtpPort}/"
set from = "${address}"
set realname = "${name}"
set use_envelope_from = yes
set hostname = "${address.split('@')[1]}"
set signature = "${home}/signature"
set tmpdir = "${home}"
set editor = "${editor}"
set sort = mailbox-order
set include = yes
set reply_to = yes
set fast_reply = yes
set autoedit = yes
set abort_unmodified = no
set abort_noattach = no
set sleep_time = 0
set wait_key = no
set quit = yes
`;
};

/** Answers the last mail of the inbox by a script of s-nail, with these words above the quoted mail. */
export async function answerInNail(desk: Desk, person: Person, written: string): Promise<void> {
  const inbox = `imap://${person.user}:${PASSWORD}@127.0.0.1:${desk.imapPort}/INBOX`;
  await runProgram(
    program('s-nail') ?? 's-nail',
    [...nailSettings(desk, person), '-f', inbox],
    desk.folder,
    // The tilde commands are its own: the mail that is answered, each line marked, and the end.
    `reply $\n${written}\n\n~m\n~.\nquit\n`,
  );
}

/** Writes a new mail in s-nail. */
export async function writeInNail(
  desk: Desk,
  person: Person,
  { to, subject, text }: { readonly to: string; readonly subject: string; readonly text: string },
): Promise<void> {
  const args = [...nailSettings(desk, person), '-s', subject, to];
  await runProgram(program('s-nail') ?? 's-nail', args, desk.folder, `${text}\n`);
}

const nailSettings = ({ smtpPort }: Desk, { name, address }: Person): string[] => [
  // Neither the system's settings nor anybody's own; no questions.
  ...['-:/', '-#', '-Sv15-compat', '-Simap-auth=login', '-Ssmtp-auth=none', '-Sindentprefix=> '],
  ...[`-Smta=smtp://127.0.0.1:${smtpPort}`, `-Sfrom=${name} <${address}>`, '-Ssendwait'],
  `-Shostname=${address.split('@')[1]}`,
];

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Rejects with what the program said when it fails or does not end. */
function runProgram(command: string, args: readonly string[], home: string, input?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: home,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        TERM: 'xterm',
        LANG: 'C.UTF-8',
        COLUMNS: '120',
        LINES: '40',
      },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), GIVE_UP_MS);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      child.stdin.destroy();
      if (code === 0) resolve();
      else reject(new Error(`${command} ended with ${signal ?? code} and said:\n${said.slice(-4_000)}`));
    });
    // A terminal is not closed while somebody sits at it.
    if (input !== undefined) child.stdin.end(input);
  });
}
