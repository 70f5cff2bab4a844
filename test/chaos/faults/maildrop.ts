/**
 * How mail comes into the mailbox here: as a delivery agent puts it there, a whole file that appears at once under
 * `new`. So it is known what lies there, whatever becomes of servers and connections.
 */
import { createHash } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { SERVER_USER } from '../../support/stack/daemon.ts';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** As Dovecot gives it out: NUL may not be sent (RFC 3501 section 4.3.1), and each line ends in CRLF. */
export function asServed(raw: Uint8Array): Uint8Array {
  const text = Buffer.from(raw).toString('latin1');
  return Buffer.from(text.replaceAll('\0', '\x80').replace(/(?<!\r)\n/g, '\r\n'), 'latin1');
}

export type Lying = {
  /** The name without its flags. */
  readonly file: string;
  /** Letters of Maildir: S seen, F flagged, R answered, T to be deleted, D draft. */
  readonly flags: string;
  readonly hash: string;
};

export type Maildrop = {
  /** Answers the name of the file. */
  put(raw: Uint8Array): string;
  /** What lies in the inbox now. */
  lying(): Lying[];
  /** UID and name of each, as Dovecot has written them down. */
  uids(): { readonly uid: number; readonly file: string }[];
};

export function openMaildrop(maildir: string): Maildrop {
  let count = 0;
  const ready = (): void => {
    for (const folder of [
      join(maildir, '..'),
      maildir,
      ...['tmp', 'new', 'cur'].map((name) => join(maildir, name)),
    ]) {
      if (existsSync(folder)) continue;
      mkdirSync(folder, { recursive: true });
      chownSync(folder, SERVER_USER.uid, SERVER_USER.gid);
    }
  };
  return {
    put(raw) {
      ready();
      count += 1;
      const file = `${Math.floor(Date.now() / 1_000)}.M${count}P${process.pid}.chaos`;
      const waiting = join(maildir, 'tmp', file);
      writeFileSync(waiting, raw);
      chownSync(waiting, SERVER_USER.uid, SERVER_USER.gid);
      renameSync(waiting, join(maildir, 'new', file));
      return file;
    },
    lying: () =>
      ['new', 'cur'].flatMap((folder) =>
        readdirSync(join(maildir, folder)).map((name) => {
          const [file = '', flags = ''] = name.split(':2,');
          return { file, flags, hash: sha256(readFileSync(join(maildir, folder, name))) };
        }),
      ),
    uids() {
      const list = join(maildir, 'dovecot-uidlist');
      if (!existsSync(list)) return [];
      return readFileSync(list, 'utf8')
        .split('\n')
        .flatMap((line) => {
          const [, uid, name] = /^(\d+) (?:\S+ )*?:(.+)$/.exec(line) ?? [];
          return uid === undefined || name === undefined
            ? []
            : [{ uid: Number(uid), file: name.split(':2,')[0] ?? '' }];
        });
    },
  };
}
