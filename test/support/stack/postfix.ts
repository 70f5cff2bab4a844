/**
 * Postfix on a free loopback port: takes mail for the addresses that it is given and puts it into the mailboxes of a
 * Dovecot. What stands behind a + in an address is left aside; no other mail is taken, and none leaves the machine.
 *
 * Only root may start it; its processes run as the users that Debian's package made for them.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Daemon, freePort, isListening, openDaemon, SERVER_USER } from './daemon.ts';
import type { Dovecot } from './dovecot.ts';
import { program } from './packages.ts';

export type Postfix = {
  readonly port: number;
  readonly daemon: Daemon;
  /** Whether it has handed on everything that it took. */
  isIdle(): boolean;
  end(options?: { keepLog?: boolean }): Promise<void>;
};

/** Where mails lie that are not delivered yet, or could not be. */
const QUEUES = ['maildrop', 'incoming', 'active', 'deferred', 'hold'];

/** `users` says for each address whose mailbox it leads to; `settings` are further lines of main.cf. */
export async function startPostfix(
  dovecot: Dovecot,
  users: Readonly<Record<string, string>>,
  settings: readonly string[] = [],
): Promise<Postfix> {
  const port = await freePort();
  const daemon = await openDaemon({
    name: 'postfix',
    asRoot: true,
    stopWith: 'SIGTERM',
    prepare: async ({ folder }) => configure({ folder, port, dovecot, users, settings }),
    command: (folder) => ({
      command: program('postfix') ?? 'postfix',
      args: ['-c', join(folder, 'etc'), 'start-fg'],
    }),
    isReady: () => isListening(port),
  });
  const queue = join(daemon.folder, 'queue');
  return {
    port,
    daemon,
    isIdle: () =>
      QUEUES.every((name) =>
        readdirSync(join(queue, name), { recursive: true, withFileTypes: true }).every(
          (entry) => !entry.isFile(),
        ),
      ),
    end: daemon.end,
  };
}

type Setting = {
  readonly folder: string;
  readonly port: number;
  readonly dovecot: Dovecot;
  readonly users: Readonly<Record<string, string>>;
  readonly settings: readonly string[];
};

function configure({ folder, port, dovecot, users, settings }: Setting): void {
  // Its own user passes through here, into queues that belong to root and to what it remembers.
  chownSync(folder, 0, 0);
  chmodSync(folder, 0o711);
  for (const name of ['etc', 'queue', 'data']) mkdirSync(join(folder, name));
  chownSync(join(folder, 'data'), Number(execFileSync('id', ['-u', 'postfix'], { encoding: 'utf8' })), 0);
  const write = (name: string, lines: readonly string[]) =>
    writeFileSync(join(folder, 'etc', name), `${lines.join('\n')}\n`);
  const domains = new Set(Object.keys(users).map((address) => address.split('@')[1]));
  write(
    'domains',
    [...domains].map((domain) => `${domain} served`),
  );
  // Paths below the base; the slash at the end makes each a Maildir.
  write(
    'mailboxes',
    Object.entries(users).map(([address, user]) => `${address} ${user}/Maildir/`),
  );
  write('main.cf', [...mainSettings(folder, dirname(dirname(dovecot.maildir('anybody')))), ...settings]);
  write('master.cf', [`127.0.0.1:${port} inet n - n - - smtpd`, ...SERVICES]);
}

const mainSettings = (folder: string, mailboxes: string): string[] => [
  'compatibility_level = 3.6',
  `queue_directory = ${folder}/queue`,
  `data_directory = ${folder}/data`,
  'maillog_file = /dev/stdout',
  'inet_interfaces = 127.0.0.1',
  'inet_protocols = ipv4',
  'myhostname = mx.elm.example',
  'mydestination =',
  'mynetworks =',
  'local_recipient_maps =',
  'alias_maps =',
  'alias_database =',
  'recipient_delimiter = +',
  'smtpd_relay_restrictions = reject_unauth_destination',
  'smtpd_tls_security_level = none',
  `virtual_mailbox_domains = texthash:${folder}/etc/domains`,
  `virtual_mailbox_maps = texthash:${folder}/etc/mailboxes`,
  `virtual_mailbox_base = ${mailboxes}`,
  `virtual_uid_maps = static:${SERVER_USER.uid}`,
  `virtual_gid_maps = static:${SERVER_USER.gid}`,
  'virtual_minimum_uid = 1',
];

/** Those of its services that this takes, none of them locked into the queue's folder. There is no smtp client. */
const SERVICES = [
  'cleanup unix n - n - 0 cleanup',
  'qmgr unix n - n 300 1 qmgr',
  'rewrite unix - - n - - trivial-rewrite',
  'bounce unix - - n - 0 bounce',
  'defer unix - - n - 0 bounce',
  'trace unix - - n - 0 bounce',
  'proxymap unix - - n - - proxymap',
  'virtual unix - n n - - virtual',
  'error unix - - n - - error',
  'retry unix - - n - - error',
  'anvil unix - - n - 1 anvil',
  'showq unix n - n - - showq',
  'postlog unix-dgram n - n - 1 postlogd',
];
