/** `baton thread` as it is used from outside. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baton } from '../support/processes.ts';

/** BATON_CORPORA: where they are, when that is elsewhere. */
const LIST = join(
  process.env.BATON_CORPORA ?? join(import.meta.dirname, '../../../shared/corpora'),
  'thread-aerc',
);
const isThere = existsSync(join(LIST, 'cases.jsonl'));

let root = '';
const mail = (id: string, subject: string, headers = '') =>
  `From: Maria <maria@x.example>\r\nTo: office@elm.example\r\nSubject: ${subject}\r\nMessage-ID: <${id}>\r\n${headers}\r\nHello\r\n`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'baton-thread-'));
  await writeFile(join(root, 'a.eml'), mail('2@x', 'Re: Leak', 'In-Reply-To: <1@x>\r\n'));
  await writeFile(join(root, 'b.eml'), mail('1@x', 'Leak'));
  await writeFile(
    join(root, 'c.mbox'),
    `From a@x Fri Nov 20 10:00:00 2026\n${mail('3@x', 'Parking')}\n\nFrom b@x Fri Nov 20 10:00:00 2026\n${mail('4@x', 'Re: Leak', 'In-Reply-To: Your message of "Fri, 20 Nov" <2@x>\r\n')}`,
  );
});
afterAll(() => rm(root, { recursive: true, force: true }));

const thread = async (...args: string[]) => {
  const { code, stdout, stderr } = await baton(['thread', ...args], process.env);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return {
    code,
    stdout,
    stderr,
    objects: args[0] === '--ndjson' ? lines.map((line) => JSON.parse(line)) : [],
  };
};

test('each mail of an archive gives one line that says with which others it belongs, in the order of the paths', async () => {
  const { code, objects, stderr } = await thread('--ndjson', root);
  const [a, b, c] = ['a.eml', 'b.eml', 'c.mbox'].map((name) => join(root, name));
  expect(objects).toEqual([
    { file: a, messageId: '2@x', conversation: 1, evidence: 'in-reply-to' },
    { file: b, messageId: '1@x', conversation: 1, evidence: null },
    { file: c, messageId: '3@x', conversation: 2, evidence: null },
    { file: c, messageId: '4@x', conversation: 1, evidence: 'in-reply-to' },
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('a file of an archive that cannot be read keeps its place among the threads', async () => {
  const { code, objects } = await thread(
    '--ndjson',
    join(root, 'a.eml'),
    join(root, 'none.eml'),
    join(root, 'b.eml'),
  );
  expect(objects.map(({ conversation, error }) => conversation ?? error)).toEqual([
    1,
    'there is no such file',
    1,
  ]);
  expect(code).toBe(1);
});

test('threads for people are laid out, and no path at all is wrong usage', async () => {
  const { stdout } = await thread(join(root, 'b.eml'));
  expect(stdout).toContain('\n  "conversation": 1,\n');
  expect((await thread()).code).toBe(64);
});

test.skipIf(!isThere)(
  `thread-aerc: every pair of mails of a list is together or apart as recorded${isThere ? '' : ' (skipped: the set is not beside this folder)'}`,
  async () => {
    const { objects } = await thread('--ndjson', join(LIST, 'files'));
    const recorded = readFileSync(join(LIST, 'cases.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
    const numbers = new Map(objects.map(({ file, conversation }) => [file, conversation]));
    const found = recorded.map((line) => {
      const { files } = JSON.parse(line) as { files: string[] };
      return new Set(files.map((file) => numbers.get(join(LIST, file))));
    });
    expect(found.filter(({ size }) => size !== 1)).toEqual([]);
    expect(new Set(found.flatMap((one) => [...one])).size).toBe(recorded.length);
  },
);
