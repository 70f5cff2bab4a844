/** Archives as they lie about: mbox of several dialects, Maildir with subfolders, packed files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { readMailFiles } from '../../src/runtime/mail-files.ts';

const root = mkdtempSync(join(tmpdir(), 'baton-mail-files-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const mail = (subject: string, body = 'Hello\n') => `From: a@x\nSubject: ${subject}\n\n${body}`;
function put(name: string, content: string | Buffer): string {
  const path = join(root, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}
async function read(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const one of readMailFiles([path]))
    found.push('raw' in one ? one.raw.toString() : `error: ${one.error}`);
  return found;
}
const subjects = (mails: readonly string[]) =>
  mails.map((text) => /^Subject: (.*)$/m.exec(text)?.[1] ?? text);

test.each([
  ['an address and a date', 'From a@x Fri Nov 20 10:00:00 2026'],
  ['a date with its zone', 'From a@x Fri Nov 20 10:00:00 +0100 2026'],
  ['a dash, as of Netscape', 'From - '],
  ['a dash and a date, as of Thunderbird', 'From - Fri Nov 20 10:00:00 2026'],
])('an mbox file whose mails begin with %s is taken apart', async (_, line) => {
  const path = put(`${line.length}.mbox`, `${line}\n${mail('one')}\n${line}\n${mail('two')}`);
  expect(subjects(await read(path))).toEqual(['one', 'two']);
});

test('an mbox file may begin with a byte order mark and lack the blank line before a mail', async () => {
  const line = 'From a@x Fri Nov 20 10:00:00 2026';
  expect(
    subjects(await read(put('bom.mbox', `\ufeff${line}\n${mail('one')}${line}\n${mail('two')}`))),
  ).toEqual(['one', 'two']);
});

test('prose that begins with "From" divides no mail, and what was escaped is not any more', async () => {
  const body =
    'Hello\n\nFrom Russia with love\n\nFrom 10:30 on we are here\nand wait.\n\n>From here\n>>From there\n';
  const [only, ...more] = await read(put('prose.mbox', `From - \n${mail('one', body)}`));
  expect(more).toEqual([]);
  expect(only).toContain('\n\nFrom Russia with love\n\nFrom 10:30 on we are here\n');
  expect(only).toContain('\nFrom here\n>From there\n');
});

test('a Maildir gives what was delivered, its subfolders included, and nothing of the server', async () => {
  put('box/cur/1:2,S', mail('read'));
  put('box/new/2', mail('new'));
  put('box/tmp/3', mail('half'));
  put('box/dovecot-uidlist', 'x');
  put('box/.Sent/cur/4:2,S', mail('sent'));
  put('box/.Sent/new/.keep', 'x');
  expect(subjects(await read(join(root, 'box'))).sort()).toEqual(['new', 'read', 'sent']);
});

test('packed mails and mbox files are unpacked, and a damaged one is an error of its own', async () => {
  put('packed/a.eml.gz', gzipSync(mail('one')));
  put('packed/b.mbox.gz', gzipSync(`From - \n${mail('two')}\nFrom - \n${mail('three')}`));
  put('packed/c.eml.gz', 'no gzip');
  expect(subjects(await read(join(root, 'packed')))).toEqual([
    'one',
    'two',
    'three',
    'error: it is no whole gzip file',
  ]);
});

test('a dash is the one mail on standard input, in its place among the files', async () => {
  async function* typed() {
    yield Buffer.from(mail('typed').slice(0, 9));
    yield Buffer.from(mail('typed').slice(9));
  }
  const found: string[] = [];
  for await (const one of readMailFiles([put('first.eml', mail('first')), '-'], typed()))
    found.push(`${one.file === '-' ? 'typed: ' : ''}${'raw' in one ? one.raw.toString() : one.error}`);
  expect(subjects(found)).toEqual(['first', 'typed']);
  expect(found[1]).toMatch(/^typed: From: a@x\n/);
});
