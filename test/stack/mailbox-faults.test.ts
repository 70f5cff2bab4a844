/** Rows 11 and 12 of the hazards, and a mailbox counted against its server, on Dovecot and PostgreSQL. */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { postgresOverview } from '../../src/adapters/db/overview.ts';
import { imapMailboxReader } from '../../src/adapters/imap/mailbox-reader.ts';
import { DAY } from '../../src/domain/instant.ts';
import { type Dovecot, PASSWORD, startDovecot } from '../support/stack/dovecot.ts';
import { customers, interrupted, type Office, openOffice, sha256 } from '../support/stack/office.ts';
import { startPostgres } from '../support/stack/postgres.ts';
import { describeOn, useServer } from '../support/stack/use-server.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { waitUntil } from '../support/wait-until.ts';

describeOn(['dovecot', 'postgres'], 'a mailbox on Dovecot whose server or network errs', () => {
  const dovecot = useServer(startDovecot);
  const bare = useServer(() => startDovecot({ capability: 'IMAP4rev1' }));
  const postgres = useServer(startPostgres);
  let databases: MigratedDatabases;
  let office: Office;

  beforeAll(async () => {
    databases = await startMigratedDatabases(async () => ({ ...postgres(), end: async () => {} }));
  });
  afterAll(() => databases?.end());
  const open = async (server: Dovecot) => {
    office = await openOffice(server, await databases.fresh());
  };
  beforeEach(() => open(dovecot()));
  afterEach(() => office.close());

  const behindProxy = async () => {
    const proxy = await startTcpProxy(dovecot().port);
    onTestFinished(() => proxy.close());
    const { user } = office;
    const at = { host: '127.0.0.1', port: proxy.port, tls: 'none', user, password: PASSWORD } as const;
    return { proxy, reader: imapMailboxReader({ ...at, timings: { commandMs: 2_000 } }) };
  };
  const bigLetter = (kilobytes: number) =>
    Buffer.concat([
      office.newLetter(),
      Buffer.from(`${'A line of 78 characters. '.repeat(3)}\r\n`.repeat(kilobytes * 13)),
    ]);
  const stored = async () => (await office.rows()).map(({ rawHash }) => rawHash);

  test.each([40, 2_000, 50_000])(
    'hazards 12: a mail whose connection is reset after %i bytes of the answer is stored whole over the next one',
    async (bytes) => {
      const raw = bigLetter(100);
      await office.person.append('INBOX', raw);
      const { proxy, reader } = await behindProxy();
      const watch = office.watch(
        'INBOX',
        interrupted(reader, 'fetch', async () => proxy.resetAfter(bytes)),
      );
      await waitUntil('the mail', async () => (await stored()).length === 1, 10_000);
      await watch.stop();
      expect(watch.troubles).toEqual(['imap-unreachable']);
      expect(await stored()).toEqual([sha256(raw)]);
    },
  );

  test('hazards 12: a mail that comes byte by byte is stored whole', async () => {
    const raw = bigLetter(8);
    await office.person.append('INBOX', raw);
    const { proxy, reader } = await behindProxy();
    proxy.slice();
    expect(await office.ingest('INBOX', reader)).toBe(1);
    expect(await stored()).toEqual([sha256(raw)]);
  });

  test('hazards 11: a server that offers nothing but IMAP4rev1 gives the same rows, and its news are heard', async () => {
    await office.close();
    await open(bare());
    await office.person.append('INBOX', office.newLetter());
    const watch = office.watch('INBOX', office.reader({ idleSliceMs: 50 }));
    await waitUntil('the first', async () => (await stored()).length === 1);
    await office.person.append('INBOX', office.newLetter());
    await waitUntil('the second', async () => (await stored()).length === 2);
    await watch.stop();
    expect(watch.troubles).toEqual([]);
    await office.settle();
    expect(office.acknowledged()).toEqual(customers(2));
    expect(await office.violations()).toEqual([]);
  });

  test('a mail that got no row is found by comparing, and taken in as if it had just come', async () => {
    const raws = [office.newLetter(), office.newLetter(), office.newLetter()];
    for (const raw of raws) await office.person.append('INBOX', raw);
    await office.ingest();
    await forget(office.databaseUrl, 2);
    expect((await office.violations())[0]).toMatchObject({ invariant: 'I1', ids: [2] });
    await office.person.expunge('INBOX', 3);
    await office.person.createFolder('Unwanted');
    const now = office.clock.now();
    for (const at of [now - 40 * DAY, now - 2 * DAY, now, now + DAY])
      await office.person.append('Unwanted', office.newLetter(), at);
    const watch = office.watch();
    await waitUntil('the comparison', async () => (await folders())[0]?.junk !== null);
    await watch.stop();
    expect(watch.troubles).toEqual([]);
    expect((await folders())[0]).toMatchObject({
      reconciled: { at: now, missing: 0, repaired: 1, gone: 1 },
      junk: { folder: 'Unwanted', count: 2 },
    });
    await office.settle();
    expect(office.acknowledged()).toEqual(customers(3));
    expect(await office.violations()).toEqual([]);
  });

  async function folders() {
    const pool = new pg.Pool({ connectionString: office.databaseUrl, max: 1 });
    try {
      return (await postgresOverview({ pool, time: office.clock }).read()).folders;
    } finally {
      await pool.end();
    }
  }
});

/** As if the server had passed over this mail when it was first asked. */
async function forget(databaseUrl: string, uid: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      'DELETE FROM message_words WHERE message_id = (SELECT id FROM message WHERE uid = $1)',
      [uid],
    );
    await client.query('DELETE FROM message WHERE uid = $1', [uid]);
  } finally {
    await client.end();
  }
}
