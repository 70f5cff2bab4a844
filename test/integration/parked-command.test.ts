/** `baton parked`, as an operator calls it, against a real database. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { Finding } from '../../src/cli/exit.ts';
import { addParked } from '../../src/cli/parked.ts';
import { DAY, fromMs, MINUTE } from '../../src/domain/instant.ts';
import { writeLetter } from '../support/letters.ts';
import { emptyDatabase, type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { openStoreOffice, type StoreOffice } from '../support/store-office.ts';

const EXAMPLE = new URL('../../config/baton.example.yaml', import.meta.url);
/** Colours, a title for the terminal, and a mark that turns the reading direction around. */
const HOSTILE = 'Photos \u001b]0;owned\u0007\u001b[31mred\u202e';
const TOO_LARGE = 300_000;

let databases: MigratedDatabases;
let url: string;
let folder: string;
let office: StoreOffice;
beforeAll(async () => {
  databases = await startMigratedDatabases();
  url = await databases.fresh();
  folder = mkdtempSync(join(tmpdir(), 'baton-parked-'));
  vi.stubEnv('BATON_SECRET', 'k'.repeat(32));
  vi.stubEnv('MAINTENANCE_PASSWORD', 'x');
  vi.stubEnv('OFFICE_PASSWORD', 'x');
  const example = readFileSync(EXAMPLE, 'utf8').replace(/^data: .*$/m, `database: { url: "${url}" }`);
  writeFileSync(join(folder, 'baton.yaml'), example);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await databases.end();
});
beforeEach(async () => {
  await emptyDatabase(url);
  office = await openStoreOffice(url, { limits: { messageBytesMax: 200_000 } });
  return () => office.close();
});

/** A mail that is too large, under this subject, is set aside. */
async function comesIn(subject: string): Promise<void> {
  const { mailbox, clock } = office;
  const raw = writeLetter({
    from: 'Maria Lopez <maria@example.com>',
    to: ['maintenance@elm.example'],
    subject,
    text: 'x'.repeat(TOO_LARGE).replace(/(.{76})/g, '$1\n'),
    date: clock.now(),
    messageId: `${subject.length}.large@example.com`,
  });
  mailbox.append('INBOX', raw, clock.now());
  await office.settle();
}

/** The command asked the database for the time, which is later than that of the office. */
async function catchUp(): Promise<void> {
  office.clock.set(fromMs(Date.now()) + MINUTE);
  await office.settle();
}

type Said = {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  readonly error: string;
};

async function baton(...args: string[]): Promise<Said> {
  const out: Buffer[] = [];
  const err: string[] = [];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => out.push(Buffer.from(chunk)) > 0),
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => err.push(String(chunk)) > 0),
  ];
  const ended = (code: number, error = ''): Said => {
    process.exitCode = undefined;
    return { stdout: Buffer.concat(out).toString(), stderr: err.join(''), code, error };
  };
  const program = new Command('baton').exitOverride();
  addParked(program);
  try {
    await program.parseAsync(['parked', ...args, '--config', join(folder, 'baton.yaml')], { from: 'user' });
    return ended(Number(process.exitCode ?? 0));
  } catch (error) {
    if (error instanceof Finding) return ended(error.exitCode, error.message);
    if (error instanceof CommanderError) return ended(64, error.message);
    throw error;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('baton parked', () => {
  test('lists what waits for a look, for whom and until when', async () => {
    expect(await baton()).toMatchObject({ code: 0, stdout: 'No mail waits for a look.\n' });
    await comesIn('All my photos');
    const { stdout, code } = await baton('--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      parked: [
        {
          id: 1,
          inbox: 'maintenance',
          since: '2026-03-02T09:00:00.000000Z',
          from: { name: 'Maria Lopez', address: 'maria@example.com' },
          subject: 'All my photos',
          why: 'it has 1 MB; only its header was taken in',
          tried: 1,
          answers: 'leah',
          next: '2026-03-02T13:00:00.000000Z',
          decided: null,
          mailbox: { folder: 'INBOX', uid: 1, whole: false },
        },
      ],
    });
    const words = (await baton()).stdout;
    expect(words).toMatch(/^Mail {2}Inbox .*\n {3}1 {2}maintenance .*Maria Lopez <maria@example.com> .*leah/);
    // 9:00 in UTC: times are those of the configuration's zone, as everywhere else.
    expect(words).toMatch(/maintenance\s+(Mon|2 Mar( 2026)?) 4:00 /);
    const one = (await baton('show', '1')).stdout;
    expect(one).toMatch(/leah, next (Mon|2 Mar( 2026)?) 8:00\n/);
    expect(one).toContain('What has happened (America/New_York):');
  });

  test('shows nothing that could steer a terminal, in the list or in the header of one', async () => {
    await comesIn(HOSTILE);
    for (const { stdout } of [await baton(), await baton('show', '1')]) {
      expect(stdout).toContain('Photos');
      expect(stdout.replace(/\n/g, '')).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
    }
    expect((await baton('show', '1')).stdout).toContain('could not be read (too-large): leah answers for it');
  });

  test('gives the bytes that were taken in, and never to a terminal', async () => {
    await comesIn('All my photos');
    const { stdout, stderr, code } = await baton('raw', '1');
    expect([code, stderr]).toEqual([
      0,
      'Only its header was taken in. The whole mail is in the mailbox, folder INBOX, UID 1.\n',
    ]);
    expect(stdout).toMatch(/^From: Maria Lopez|^[A-Z][a-zA-Z-]+: /);
    expect(stdout).toContain('All my photos');
    const { isTTY } = process.stdout;
    process.stdout.isTTY = true;
    expect(await baton('raw', '1')).toMatchObject({ code: 64, stdout: '' });
    process.stdout.isTTY = isTTY;
  });

  test('makes a request in the name of a teammate, and whoever was asked is told', async () => {
    await comesIn('All my photos');
    const { stdout, code } = await baton('request', '1', '--by', 'priya', '--json');
    expect(code).toBe(0);
    const { done, refused } = JSON.parse(stdout);
    expect([done, refused]).toEqual([[{ id: 1, request: expect.any(Number) }], []]);
    await catchUp();
    const sent = await Promise.all(
      office.memory.delivered.map(async ({ envelopeTo, raw }) => ({
        envelopeTo,
        ...(await parseInProcess(raw)),
      })),
    );
    const told = sent.filter(({ text }) => text.startsWith('Whoever looks after our server'));
    expect(told.map(({ envelopeTo, text }) => `${envelopeTo}: ${text.slice(0, 76)}`).toSorted()).toEqual([
      'leah@elm.example: Whoever looks after our server has decided in the name of Priya about the ma',
      'priya@elm.example: Whoever looks after our server has decided in your name about the mail "All ',
    ]);
    expect(sent.map(({ subject }) => subject)).toContain(`#${done[0].request} All my photos, Maria Lopez`);
    expect(await office.violations()).toEqual([]);
    const again = await baton('dismiss', '1', '--by', 'leah');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(
      /^Nothing was done: priya decided about mail 1 at [\w ]*\d{1,2}:\d\d \(request\)\.\n$/,
    );
  });

  test('has mail read once more, and what fails again is told of with its count', async () => {
    await comesIn('All my photos');
    await comesIn('All my other films');
    expect(await baton('retry', '--all', '--by', 'leah')).toMatchObject({
      code: 0,
      stdout: 'There is no mail to be read once more.\n',
      stderr: 'Left out, since only the header was taken in: 2.\n',
    });
    expect((await baton('retry', '1', '--by', 'leah')).code).toBe(0);
    // As if they had been taken in whole: reading them fails for another reason.
    await office.pool.query(`UPDATE message SET raw_hash = 'a' WHERE id = 2`);
    expect((await baton('retry', '--all', '--by', 'leah')).stdout).toMatch(/^Mail 2 is read once more/);
    await office.pool.query('UPDATE message SET raw_hash = NULL WHERE id = 2');
    await catchUp();
    expect((await office.mailTo('leah@elm.example')).text).toContain('(tried 2 times)');
    const { parked } = JSON.parse((await baton('--json')).stdout);
    expect(parked.map(({ tried, answers }: { tried: number; answers: string }) => [tried, answers])).toEqual([
      [2, 'leah'],
      [2, 'leah'],
    ]);
  });

  test('says what is wrong with what was typed, and does nothing', async () => {
    await comesIn('All my photos');
    const wrong = [
      ['show', 'x'],
      ['dismiss', '1'],
      ['retry', '--by', 'leah'],
      ['retry', '1', '--all', '--by', 'leah'],
      ['dismiss', '1', '--by', 'nobody'],
    ];
    for (const args of wrong)
      expect(await baton(...args), args.join(' ')).toMatchObject({ code: 64, stdout: '' });
    expect((await baton('dismiss', '1', '--by', 'nobody')).error).toMatch(
      /^Nobody in the team is called "nobody"/,
    );
    expect(await baton('show', '99')).toMatchObject({
      code: 1,
      error: expect.stringContaining('never set aside'),
    });
    expect(JSON.parse((await baton('--json')).stdout).parked).toHaveLength(1);
  });
});

describe('verify, about mail that could not be read', () => {
  test.each([
    ['UPDATE parked SET accountable_id = NULL, due_at = NULL', /^I8 .*without exactly one person/],
    ['DELETE FROM parked_event; DELETE FROM parked', /^I8 .*without exactly one person/],
    [`UPDATE message SET reason_code = 'dismissed'`, /^I8 .*still wait for somebody/],
    [`UPDATE parked SET due_at = due_at - interval '1 day'`, /^I8 .*nothing followed/],
    [`UPDATE parked SET accountable_id = 'sam'`, /^I10 /],
    [
      `INSERT INTO parked_event SELECT 1, 2, at + interval '1 s', 'reminded', '{"rung":"final","due":1}' FROM parked_event`,
      /^I8 .*not waited for until their time/,
    ],
  ])('is red after: %s', async (sql, found) => {
    await comesIn('All my photos');
    expect(await office.violations()).toEqual([]);
    await office.pool.query(sql);
    expect((await office.violations()).some((line) => found.test(line))).toBe(true);
  });

  test('is green through a clock that ran out, a month without anybody looking, and a decision', async () => {
    await comesIn('All my photos');
    office.clock.advance(30 * DAY);
    await office.settle();
    const [first, ...later] = office.memory.delivered.map(({ envelopeTo }) => envelopeTo);
    expect(first).toBe('leah@elm.example');
    // Of one moment, in either order.
    expect(later.toSorted()).toEqual(['dana@elm.example', 'leah@elm.example']);
    expect(await office.violations()).toEqual([]);
    await office.answers('dana@elm.example', await office.mailTo('dana@elm.example'), 'dismiss');
    await office.settle();
    expect(await office.violations()).toEqual([]);
  });
});
