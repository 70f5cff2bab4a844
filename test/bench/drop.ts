/** Mail delivered the way a local delivery agent does it: a file written aside and renamed into the maildir. */
import { chownSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER_USER } from '../support/stack/daemon.ts';
import type { Dovecot } from '../support/stack/dovecot.ts';

export type Drop = {
  /** Writes a mail aside, so that delivering it later costs a rename. */
  prepare(number: number, raw: Uint8Array): void;
  /** Makes a prepared mail appear. */
  deliver(number: number): void;
  /** Makes a delivered mail vanish. */
  remove(number: number): void;
};

export function dropInto(dovecot: Dovecot, user: string): Drop {
  const maildir = join(dovecot.daemon.folder, 'home', user, 'Maildir');
  for (const path of [
    join(maildir, '..'),
    maildir,
    ...['tmp', 'new', 'cur'].map((name) => join(maildir, name)),
  ]) {
    mkdirSync(path, { recursive: true });
    chownSync(path, SERVER_USER.uid, SERVER_USER.gid);
  }
  const begunAt = Math.floor(Date.now() / 1_000);
  const sizes = new Map<number, number>();
  // Names in order of number, with the sizes in them as Dovecot's own delivery agent notes them.
  const nameOf = (number: number) =>
    `${begunAt}.M${String(number).padStart(7, '0')}P1.bench,S=${sizes.get(number)},W=${sizes.get(number)}`;
  return {
    prepare(number, raw) {
      sizes.set(number, raw.byteLength);
      const path = join(maildir, 'tmp', nameOf(number));
      writeFileSync(path, raw);
      chownSync(path, SERVER_USER.uid, SERVER_USER.gid);
    },
    deliver: (number) =>
      renameSync(join(maildir, 'tmp', nameOf(number)), join(maildir, 'new', nameOf(number))),
    remove(number) {
      rmSync(join(maildir, 'new', nameOf(number)), { force: true });
      sizes.delete(number);
    },
  };
}
