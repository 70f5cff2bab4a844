/** `baton parse` as it is used from outside: objects on standard output, everything else on standard error. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baton } from '../support/processes.ts';

let root = '';
const mail = (subject: string, body = 'Hello\n') =>
  `From: Maria <maria@x.example>\r\nTo: office@elm.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@x>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\n\r\n${body}`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'baton-parse-'));
  await mkdir(join(root, 'deep', 'cur'), { recursive: true });
  await writeFile(join(root, 'b.eml'), mail('b', 'accept\n\nOn 20/11/2026 10:00, Elm wrote:\n> decline\n'));
  await writeFile(join(root, 'a.eml'), mail('a'));
  await writeFile(join(root, '.hidden'), mail('hidden'));
  await writeFile(join(root, 'notes.json'), '{}');
  await writeFile(join(root, 'deep', 'cur', '1.V1.host:2,S'), mail('maildir'));
  await writeFile(
    join(root, 'z.mbox'),
    `From a@x Fri Nov 20 10:00:00 2026\n${mail('one', 'x\n\n>From here on\n')}\n\nFrom b@x Fri Nov 20 10:00:00 2026\n${mail('two')}`,
  );
});
afterAll(() => rm(root, { recursive: true, force: true }));

const parse = async (...args: string[]) => {
  const { code, stdout, stderr } = await baton(['parse', ...args], process.env);
  return { code, stdout, stderr, objects: args[0] === '--ndjson' ? linesOf(stdout) : [] };
};
const linesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

test('every mail below a folder gives one line, in the order of the paths', async () => {
  const { code, objects, stderr } = await parse('--ndjson', root);
  expect(objects.map(({ subject }) => subject)).toEqual(['a', 'b', 'maildir', 'one', 'two']);
  expect(objects[1]).toEqual({
    file: join(root, 'b.eml'),
    messageId: 'b@x',
    date: '2026-11-20T09:00:00.000Z',
    from: [{ name: 'Maria', address: 'maria@x.example' }],
    to: [{ name: '', address: 'office@elm.example' }],
    cc: [],
    replyTo: [],
    subject: 'b',
    inReplyTo: [],
    references: [],
    kind: 'person',
    why: expect.stringContaining('Nothing in it'),
    text: expect.stringContaining('decline'),
    reply: { text: 'accept', quoted: expect.stringContaining('decline'), signature: '' },
    attachments: [],
    warnings: [],
  });
  expect(objects[3].text).toContain('\nFrom here on');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('what cannot be read is a line with an error, in its place, and the exit code says so', async () => {
  const { code, objects } = await parse(
    '--ndjson',
    join(root, 'a.eml'),
    join(root, 'none.eml'),
    join(root, 'b.eml'),
  );
  expect(objects.map(({ subject, error }) => subject ?? error)).toEqual(['a', 'there is no such file', 'b']);
  expect(code).toBe(1);
});

test('without --ndjson an object is laid out for people', async () => {
  const { stdout } = await parse(join(root, 'a.eml'));
  expect(stdout).toContain('\n  "subject": "a",\n');
  expect(JSON.parse(stdout)).toMatchObject({ subject: 'a' });
});

test('no path at all is wrong usage', async () => {
  const { code, stderr } = await parse();
  expect(code).toBe(64);
  expect(stderr).toContain('path');
});
