/** `baton lookback` on an archive, as it is used from outside. */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baton } from '../support/processes.ts';

const CONFIG = join(import.meta.dirname, '../../config/baton.example.yaml');

let root = '';
const letter = (id: string, from: string, to: string, date: string, more = '', text = 'Water drips.') =>
  `From: ${from}\r\nTo: ${to}\r\nSubject: ${more === '' ? `About ${id}` : 'Re: it'}\r\nMessage-ID: <${id}@x>\r\nDate: ${date}\r\n${more}\r\n${text}\r\n`;
const answers = (id: string) => `In-Reply-To: <${id}@x>\r\n`;

const INBOX = 'maintenance@elm.example';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'baton-lookback-'));
  await mkdir(join(root, 'Sent'));
  await mkdir(join(root, 'Spam'));
  const mails: Record<string, string> = {
    'leak.eml': letter('leak', 'Maria Lopez <maria@mail.example>', INBOX, 'Mon, 2 Mar 2026 09:00:00 +0100'),
    'key.eml': letter('key', 'osei@mail.example', INBOX, 'Tue, 3 Mar 2026 09:00:00 +0100'),
    'thanks.eml': letter(
      'thanks',
      'osei@mail.example',
      INBOX,
      'Thu, 5 Mar 2026 09:00:00 +0100',
      answers('a1'),
      'Thank you!',
    ),
    'Sent/a1.eml': letter(
      'a1',
      'Priya <priya@elm.example>',
      'osei@mail.example',
      'Tue, 3 Mar 2026 10:00:00 +0100',
      answers('key'),
    ),
    'Sent/a2.eml': letter(
      'a2',
      'Sam <sam@elm.example>',
      'osei@mail.example',
      'Tue, 3 Mar 2026 11:00:00 +0100',
      answers('key'),
    ),
    'Spam/s.eml': letter('s', 'win@shop.example', INBOX, 'Tue, 3 Mar 2026 11:00:00 +0100'),
  };
  for (const [name, text] of Object.entries(mails)) await writeFile(join(root, name), text);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const lookback = (...args: string[]) => baton(['lookback', ...args], process.env);

test('without a configuration the inbox is found, and each request told once with what became of it', async () => {
  const { code, stdout } = await lookback(root, '--json');
  const told = JSON.parse(stdout);
  expect(told).toMatchObject({
    source: 'archive',
    days: null,
    from: null,
    until: '2026-03-05T08:00:00.000Z',
    inboxGuessed: INBOX,
    mails: 5,
    unreadable: [],
    inboxes: [
      {
        ...{
          id: INBOX,
          address: INBOX,
          requests: 2,
          answered: 1,
          waiting: 1,
          needsNone: 0,
          neverAnswered: 1,
        },
        ...{ answeredTwice: 1, overTwoDays: 1, owners: null, noRule: null },
        firstAnswer: {
          wall: { count: 2, waiting: 1, medianHours: { hours: 1, over: false } },
          working: null,
        },
      },
    ],
  });
  expect(told.requests).toEqual([
    expect.objectContaining({
      file: join(root, 'leak.eml'),
      messageId: 'leak@x',
      date: '2026-03-02T08:00:00.000Z',
      customer: { name: 'Maria Lopez', address: 'maria@mail.example' },
      status: 'waiting',
      waitingSince: '2026-03-02T08:00:00.000Z',
      waitedHours: 72,
    }),
    expect.objectContaining({
      file: join(root, 'key.eml'),
      status: 'answered',
      firstAnswerHours: 1,
      answeredTwice: [
        {
          file: join(root, 'key.eml'),
          messageId: 'key@x',
          by: [
            {
              from: { name: 'Priya', address: 'priya@elm.example' },
              date: '2026-03-03T09:00:00.000Z',
              messageId: 'a1@x',
            },
            {
              from: { name: 'Sam', address: 'sam@elm.example' },
              date: '2026-03-03T10:00:00.000Z',
              messageId: 'a2@x',
            },
          ],
        },
      ],
    }),
  ]);
  expect(code).toBe(0);
});

test('at a terminal the first line is the one that hits, and the last says that nobody was mailed', async () => {
  const { code, stdout, stderr } = await lookback(root);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe('maintenance@, 2026-03-02 to 2026-03-05: 1 person never got an answer');
  expect(lines[1]).toBe('2 requests. 1 answered twice. 1 waited over two days.');
  expect(stdout).toMatch(/ {2}3 days {2}Maria Lopez {2}About leak/);
  expect(stdout).toMatch(/osei@mail\.example {2}About key {2}Priya and Sam/);
  expect(lines.at(-1)).toBe('Nobody has been mailed, and nothing was changed.');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('with a configuration it is told who would have been asked, and which request fits no rule', async () => {
  const { stdout } = await lookback(root, '--config', CONFIG, '--inbox', 'maintenance', '--json');
  const { inboxes, requests } = JSON.parse(stdout);
  expect(inboxes.map(({ id }: { id: string }) => id)).toEqual(['maintenance']);
  const [{ owners, noRule, firstAnswer }] = inboxes;
  expect(owners.reduce((sum: number, one: { requests: number }) => sum + one.requests, 0)).toBe(2);
  expect(noRule).toBe(requests.filter((one: { fitsRule: boolean }) => !one.fitsRule).length);
  expect(firstAnswer.working).not.toBeNull();
  expect(requests.every((one: { owner: string | null }) => one.owner !== null)).toBe(true);
});

test('an archive without mail to any inbox is a finding, and wrong usage is told', async () => {
  const none = await lookback(root, '--inbox', 'elsewhere@example.org');
  expect(none.code).toBe(1);
  expect(none.stdout).toContain('elsewhere@, nothing: no request was found');
  expect((await lookback(root, '--inbox', 'no address')).code).toBe(64);
  expect((await lookback(root, '--days', 'many')).code).toBe(64);
  expect((await lookback(root, '--send')).code).toBe(64);
});

test('the page is whole in itself, and only its owner may read it', async () => {
  const file = join(root, 'lookback.html');
  const { code } = await lookback(root, '--html', file);
  const page = await readFile(file, 'utf8');
  expect(code).toBe(0);
  expect(page).toContain('1 person never got an answer');
  expect(page).toContain('Maria Lopez');
  expect(page).toContain('default-src &#39;none&#39;; style-src &#39;sha256-');
  expect(page).not.toMatch(/<script|src=|https?:/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
