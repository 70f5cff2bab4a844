/** Rows 1 to 9 of the hazards that a mailbox and its reader meet, on Dovecot and PostgreSQL. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { IMAP_TIMINGS } from '../../src/adapters/imap/mailbox-reader.ts';
import { WATCH_LEASE } from '../../src/app/watch-mailbox.ts';
import { SECOND } from '../../src/domain/instant.ts';
import { PASSWORD, startDovecot } from '../support/stack/dovecot.ts';
import type { DeathPoint, Orders } from '../support/stack/ingester.ts';
import {
  BATCH_MAX,
  customers,
  interrupted,
  type Office,
  openOffice,
  sha256,
} from '../support/stack/office.ts';
import { startPostgres } from '../support/stack/postgres.ts';
import { describeOn, useServer } from '../support/stack/use-server.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { waitUntil } from '../support/wait-until.ts';

/** What a lost bell may cost, and the clock's tick that comes on top of a row's patience. */
const RUNG_AGAIN_WITHIN = 30 * SECOND;
const TICK = 5 * SECOND;
/** Each asks the same of the same mails; BATON_POLLS=10000 asks as often as row 6 demands. */
const POLLS = Number(process.env.BATON_POLLS ?? 2_000);

describeOn(['dovecot', 'postgres'], 'a mailbox on Dovecot, taken in to PostgreSQL', () => {
  const dovecot = useServer(startDovecot);
  const postgres = useServer(startPostgres);
  let databases: MigratedDatabases;
  let office: Office;

  beforeAll(async () => {
    databases = await startMigratedDatabases(async () => ({ ...postgres(), end: async () => {} }));
  });
  afterAll(() => databases?.end());
  beforeEach(async () => {
    office = await openOffice(dovecot(), await databases.fresh());
  });
  afterEach(() => office.close());

  /** Puts so many new letters into the folder. */
  async function letters(count: number, folder = 'INBOX'): Promise<{ raw: Uint8Array; uid: number }[]> {
    const put: { raw: Uint8Array; uid: number }[] = [];
    for (let at = 0; at < count; at += 1) {
      const raw = office.newLetter();
      put.push({ raw, uid: await office.person.append(folder, raw) });
    }
    return put;
  }

  const hashes = (put: readonly { raw: Uint8Array }[]) => put.map(({ raw }) => sha256(raw));
  const rawHashes = async () => (await office.rows()).map(({ rawHash }) => rawHash);

  /** Every customer so far has one acknowledgement, every mail on the server a row, and nothing waits. */
  async function expectAllAnsweredOnce(count: number): Promise<void> {
    expect(office.acknowledged()).toEqual(customers(count));
    expect((await office.rows()).filter(({ stage }) => stage !== 'settled')).toEqual([]);
    expect(await office.violations()).toEqual([]);
  }

  async function dieAt(dieAt: DeathPoint, turn: number): Promise<void> {
    const orders: Orders = {
      dieAt,
      turn,
      databaseUrl: office.databaseUrl,
      now: office.clock.now(),
      imap: { port: dovecot().port, user: office.user, password: PASSWORD },
      folder: office.watched('INBOX'),
      batchMessagesMax: BATCH_MAX,
    };
    const ingester = join(import.meta.dirname, '../support/stack/ingester.ts');
    const child = spawn(process.execPath, [ingester, JSON.stringify(orders)], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    office.clock.advance(WATCH_LEASE);
  }

  test.each(['fetched', 'written'] as const)(
    'hazards 1: an ingester killed with its second batch %s but not committed leaves the rest to its successor',
    async (point) => {
      const put = await letters(5);
      await dieAt(point, 2);
      expect(await rawHashes()).toEqual(hashes(put.slice(0, BATCH_MAX)));
      expect(await office.ingest()).toBe(3);
      expect(await rawHashes()).toEqual(hashes(put));
      await office.settle(RUNG_AGAIN_WITHIN - TICK);
      await expectAllAnsweredOnce(5);
    },
  );

  test('hazards 2: an ingester killed right after a commit has moved the cursor with it, and no mail gets a second row', async () => {
    const put = await letters(5);
    await dieAt('committed', 2);
    expect(await rawHashes()).toEqual(hashes(put.slice(0, 2 * BATCH_MAX)));
    expect(await office.ingest()).toBe(1);
    expect(await rawHashes()).toEqual(hashes(put));
    await office.settle(RUNG_AGAIN_WITHIN - TICK);
    await expectAllAnsweredOnce(5);
  });

  test('hazards 3: mails whose ingester was killed before it rang are rung for within 30 seconds', async () => {
    await letters(2);
    await dieAt('ringing', 1);
    expect(office.queue.rung).toEqual([]);
    await office.settle(RUNG_AGAIN_WITHIN - TICK - WATCH_LEASE);
    await expectAllAnsweredOnce(2);
  });

  test('hazards 4: a UIDVALIDITY that changed between two sessions brings every mail again and no acknowledgement', async () => {
    await letters(3);
    await office.ingest();
    await office.settle();
    await dovecot().setUidValidity(office.user, 'INBOX', 77);
    await letters(1);
    expect(await office.ingest()).toBe(4);
    await office.settle();
    await expectAllAnsweredOnce(4);
    const again = (await office.rows()).filter(({ uidValidity }) => uidValidity === '77');
    expect(again.map(({ uid, disposition }) => [uid, disposition]).sort()).toEqual([
      [1, 'duplicate'],
      [2, 'duplicate'],
      [3, 'duplicate'],
      [4, 'request'],
    ]);
  });

  test('hazards 4: a UIDVALIDITY that changes between SEARCH and FETCH ends the session, and the next one reads all', async () => {
    await letters(3);
    await office.ingest();
    await office.settle();
    await letters(2);
    const renumber = () => dovecot().setUidValidity(office.user, 'INBOX', 78);
    const watch = office.watch('INBOX', interrupted(office.reader(), 'fetch', renumber));
    await waitUntil('all rows', async () => (await office.rows()).length === 3 + 5);
    await watch.stop();
    expect(watch.troubles).not.toEqual([]);
    await office.settle();
    await expectAllAnsweredOnce(5);
  });

  test('hazards 4: a UIDVALIDITY that changes while the poller waits in IDLE is noticed, and mail flows on', async () => {
    await letters(2);
    const watch = office.watch();
    await waitUntil('the wait for news', () => watch.waits() > 0);
    await dovecot().setUidValidity(office.user, 'INBOX', 79);
    await letters(1);
    await waitUntil('all rows', async () => (await office.rows()).length === 2 + 3);
    await watch.stop();
    await office.settle();
    await expectAllAnsweredOnce(3);
  });

  test('hazards 5: a folder that is deleted and made again loses no mail and acknowledges none twice', async () => {
    await office.person.createFolder('Requests');
    const [first] = await letters(2, 'Requests');
    const watch = office.watch('Requests');
    await waitUntil('two rows', async () => (await office.rows()).length === 2);
    await dovecot().deleteFolder(office.user, 'Requests');
    await waitUntil('the missing folder', () => watch.troubles.includes('imap-no-such-folder'));
    await dovecot().createFolder(office.user, 'Requests');
    await office.person.append('Requests', first?.raw ?? new Uint8Array());
    await letters(1, 'Requests');
    await waitUntil('four rows', async () => (await office.rows()).length === 4);
    await watch.stop();
    await office.settle();
    await expectAllAnsweredOnce(3);
  });

  test('hazards 5: a folder restored from an older backup, where new mail gets used UIDs, loses no mail', async () => {
    await letters(2);
    await office.ingest();
    const restore = dovecot().backup(office.user);
    const lost = await letters(2);
    await office.ingest();
    await office.settle();
    restore();
    const fresh = await letters(1);
    expect(fresh[0]?.uid).toBe(lost[0]?.uid);
    await office.ingest();
    await office.settle();
    await expectAllAnsweredOnce(5);
    // A person finds the last one in their trash and puts it back.
    await office.person.append('INBOX', lost[1]?.raw ?? new Uint8Array());
    await letters(2);
    await office.ingest();
    await office.settle();
    await expectAllAnsweredOnce(7);
  });

  test('hazards 5: a poller whose connection is cut by the restoring of a backup reads on by itself', async () => {
    await letters(1);
    const restore = dovecot().backup(office.user);
    await letters(3);
    const watch = office.watch();
    await waitUntil('four rows', async () => (await office.rows()).length === 4);
    restore();
    await letters(1);
    await waitUntil('the new mail', async () => (await office.rows()).length > 4);
    await watch.stop();
    await office.settle();
    await expectAllAnsweredOnce(5);
  });

  test('hazards 6: thousands of polls of a quiet mailbox find nothing, though N:* names the last mail', async () => {
    const put = await letters(3);
    await office.ingest();
    const session = await office.reader().open('INBOX', new AbortController().signal);
    const last = put.at(-1)?.uid ?? 0;
    let found = 0;
    for (let poll = 0; poll < POLLS; poll += 1) found += (await session.listAfter(last, 10)).length;
    await session.close();
    expect(found).toBe(0);
    for (let poll = 0; poll < 50; poll += 1) expect(await office.ingest()).toBe(0);
    expect(await rawHashes()).toEqual(hashes(put));
  });

  test('hazards 7: a mail expunged or moved away between SEARCH and FETCH is told as gone and makes no empty request', async () => {
    const put = await letters(4);
    const [, expunged, moved] = put;
    const meddle = async () => {
      await office.person.expunge('INBOX', expunged?.uid ?? 0);
      await office.person.move('INBOX', moved?.uid ?? 0, 'Sent');
    };
    expect(await office.ingest('INBOX', interrupted(office.reader(), 'fetch', meddle))).toBe(2);
    expect(await rawHashes()).toEqual(hashes(put.filter((one) => one !== expunged && one !== moved)));
    expect(office.logged.filter((line) => line.includes('removed before'))).toHaveLength(2);
    await office.settle();
    expect(office.acknowledged()).toEqual([customers(4)[0], customers(4)[3]]);
    expect(await office.violations()).toEqual([]);
  });

  test('hazards 8: what a person reads or flags before the poller comes is taken in, and stays as they left it', async () => {
    const put = await letters(3);
    const flags = [['\\Seen'], ['\\Flagged', '\\Seen', 'Urgent'], ['\\Answered']];
    for (const [at, { uid }] of put.entries()) await office.person.flag('INBOX', uid, flags[at] ?? []);
    const before = await office.flags();
    expect(await office.ingest()).toBe(3);
    await office.settle();
    await expectAllAnsweredOnce(3);
    expect(await office.flags()).toEqual(before);
    expect([...before.values()].map((set) => set.filter((flag) => flag !== '\\Recent').sort())).toEqual(
      flags.map((set) => [...set].sort()),
    );
  });

  test('hazards 8: a mail that a person moves away and back is taken in once, whenever they do it', async () => {
    const [early, late] = await letters(2);
    await office.person.move('INBOX', early?.uid ?? 0, 'Sent');
    expect(await office.ingest()).toBe(1);
    await office.person.move('Sent', 1, 'INBOX');
    await office.person.move('INBOX', late?.uid ?? 0, 'Sent');
    await office.person.move('Sent', 2, 'INBOX');
    expect(await office.ingest()).toBe(2);
    await office.settle();
    expect((await office.rows()).map(({ disposition }) => disposition)).toEqual([
      'request',
      'request',
      'duplicate',
    ]);
    await expectAllAnsweredOnce(2);
  });

  const SHORT = { idleSliceMs: 300, proofMs: 300, commandMs: 300 };

  test('hazards 9: a server process that hangs while the poller waits is noticed, and mail flows over a new connection', async () => {
    await letters(1);
    const watch = office.watch('INBOX', office.reader(SHORT));
    await waitUntil('the wait for news', () => watch.waits() > 0);
    expect(dovecot().signalSessions(office.user, 'SIGSTOP')).toBeGreaterThan(0);
    await letters(1);
    await waitUntil('the loss', () => watch.troubles.length > 0, 5_000);
    await waitUntil('the mail behind it', async () => (await office.rows()).length === 2, 5_000);
    await watch.stop();
    dovecot().signalSessions(office.user, 'SIGKILL');
    await office.settle();
    await expectAllAnsweredOnce(2);
  });

  test('hazards 9: a server process that hangs before a FETCH is noticed, and the mail comes over a new connection', async () => {
    await letters(2);
    const hang = async () => void dovecot().signalSessions(office.user, 'SIGSTOP');
    const watch = office.watch('INBOX', interrupted(office.reader(SHORT), 'fetch', hang));
    await waitUntil('both rows', async () => (await office.rows()).length === 2, 10_000);
    await watch.stop();
    expect(watch.troubles).toEqual(['imap-unreachable']);
    dovecot().signalSessions(office.user, 'SIGKILL');
    await office.settle();
    await expectAllAnsweredOnce(2);
  });

  test('hazards 9: with the ordinary time-outs a dead connection is noticed within a minute', () => {
    const { idleSliceMs, proofMs, commandMs, connectMs } = IMAP_TIMINGS;
    expect(idleSliceMs + proofMs).toBeLessThanOrEqual(60_000);
    // imapflow gives up at the second silence in a row.
    expect(2 * commandMs).toBeLessThanOrEqual(60_000);
    expect(2 * connectMs).toBeLessThanOrEqual(60_000);
  });
});
