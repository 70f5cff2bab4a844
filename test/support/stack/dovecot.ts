/**
 * Dovecot on a free loopback port: any user name with the password `secret`, INBOX and Sent, plain maildirs.
 *
 * A test takes a user of its own, so that tests which share the server share no mail.
 */
import { chownSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Daemon, freePort, isListening, LOOPBACK, openDaemon, SERVER_USER } from './daemon.ts';
import { program } from './packages.ts';

export const PASSWORD = 'secret';

export type Dovecot = {
  readonly address: string;
  readonly port: number;
  readonly daemon: Daemon;
  /** The folder of this user's mail as it lies on the disk, in the way of Maildir. */
  maildir(user: string): string;
  /** A user whom nobody used before. */
  newUser(): string;
  /** Gives a folder another UIDVALIDITY, as a server does that lost its index. */
  setUidValidity(user: string, folder: string, uidValidity: number): Promise<void>;
  deleteFolder(user: string, folder: string): Promise<void>;
  createFolder(user: string, folder: string): Promise<void>;
  /** SIGSTOP, SIGCONT or SIGKILL for the processes that serve this user. Answers how many there are. */
  signalSessions(user: string, signal: NodeJS.Signals): number;
  /** Copies everything that the server keeps about this user; the answer puts it back, sessions ended. */
  backup(user: string): () => void;
  end(options?: { keepLog?: boolean }): Promise<void>;
};

export type DovecotOptions = {
  /** All that it says it can do; more than this it says to nobody. */
  readonly capability?: string;
  /** Tokens are taken as well: this address, with a token at its end, answers whose it is. */
  readonly tokeninfoUrl?: string;
  /** Where it listens. */
  readonly address?: string;
};

export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  const { address = LOOPBACK } = options;
  const port = await freePort();
  const daemon = await openDaemon({
    name: 'dovecot',
    prepare: async ({ folder }) =>
      writeFileSync(join(folder, 'dovecot.conf'), configuration(folder, port, options)),
    command: (folder) => ({
      command: program('dovecot') ?? 'dovecot',
      args: ['-F', '-c', join(folder, 'dovecot.conf')],
    }),
    isReady: () => isListening(port, address),
  });
  const { folder } = daemon;
  const doveadm = (...args: string[]) =>
    daemon.run(program('doveadm') ?? 'doveadm', ['-c', join(folder, 'dovecot.conf'), ...args]);
  const home = (user: string) => join(folder, 'home', user);
  let users = 0;

  function signalSessions(user: string, signal: NodeJS.Signals): number {
    const pids = daemon.pids(`imap [${user} `);
    for (const pid of pids) process.kill(pid, signal);
    return pids.length;
  }

  return {
    address,
    port,
    daemon,
    maildir: (user) => join(home(user), 'Maildir'),
    newUser: () => `user${++users}`,
    setUidValidity: async (user, name, uidValidity) => {
      await doveadm('mailbox', 'update', '-u', user, '--uid-validity', String(uidValidity), name);
    },
    deleteFolder: async (user, name) => void (await doveadm('mailbox', 'delete', '-u', user, name)),
    createFolder: async (user, name) => void (await doveadm('mailbox', 'create', '-u', user, name)),
    signalSessions,
    backup(user) {
      const kept = join(folder, `backup-of-${user}`);
      copyLive(home(user), kept);
      return () => {
        signalSessions(user, 'SIGKILL');
        rmSync(home(user), { recursive: true });
        copyOwned(kept, home(user));
      };
    },
    end: daemon.end,
  };

  function copyOwned(from: string, to: string): void {
    cpSync(from, to, {
      recursive: true,
      preserveTimestamps: true,
      filter: (_, target) => {
        // A copy made by root would be closed to the server.
        copied.push(target);
        return true;
      },
    });
    for (const path of copied.splice(0)) chownSync(path, SERVER_USER.uid, SERVER_USER.gid);
  }
}

const copied: string[] = [];

function configuration(folder: string, port: number, options: DovecotOptions): string {
  const { capability, tokeninfoUrl, address = LOOPBACK } = options;
  for (const name of ['run', 'state', 'home']) {
    mkdirSync(join(folder, name));
    chownSync(join(folder, name), SERVER_USER.uid, SERVER_USER.gid);
  }
  const { name, group, uid, gid } = SERVER_USER;
  if (tokeninfoUrl !== undefined)
    writeFileSync(
      join(folder, 'oauth2.conf'),
      `tokeninfo_url = ${tokeninfoUrl}\nusername_attribute = email\n`,
    );
  return `
protocols = imap
listen = ${address}
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/server.log
verbose_proctitle = yes
default_internal_user = ${name}
default_internal_group = ${group}
default_login_user = ${name}
first_valid_uid = 1
first_valid_gid = 1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain${tokeninfoUrl === undefined ? '' : ' xoauth2 oauthbearer\nauth_failure_delay = 0'}
auth_verbose = yes
mail_max_userip_connections = 100
${capability === undefined ? '' : `imap_capability = ${capability}`}
mail_location = maildir:~/Maildir
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
  mailbox Unwanted {
    special_use = \\Junk
  }
}
${tokeninfoUrl === undefined ? '' : tokenDatabase(folder)}
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/home/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`;
}

const tokenDatabase = (folder: string): string => `
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${folder}/oauth2.conf
}`;

const TRIES = 10;

/** The server renames a mail when its flags change: a copy that such a moment breaks off is made anew. */
function copyLive(from: string, to: string): void {
  for (let nth = 1; ; nth += 1) {
    rmSync(to, { recursive: true, force: true });
    try {
      return cpSync(from, to, { recursive: true, preserveTimestamps: true });
    } catch (error) {
      if (nth === TRIES || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}
