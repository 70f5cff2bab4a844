/** Row 15 of the hazards: a mail far beyond the limit, on Dovecot and PostgreSQL. */
import { chownSync, closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SERVER_USER } from '../support/stack/daemon.ts';
import { startDovecot } from '../support/stack/dovecot.ts';
import { type Office, openOffice } from '../support/stack/office.ts';
import { startPostgres } from '../support/stack/postgres.ts';
import { describeOn, useServer } from '../support/stack/use-server.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';

const MEGABYTE = 1_048_576;

describeOn(['dovecot', 'postgres'], 'a mail of 200 MB, on Dovecot', () => {
  const dovecot = useServer(startDovecot);
  const postgres = useServer(startPostgres);
  let databases: MigratedDatabases;
  let office: Office;

  beforeAll(async () => {
    databases = await startMigratedDatabases(async () => ({ ...postgres(), end: async () => {} }));
    office = await openOffice(dovecot(), await databases.fresh());
  });
  afterAll(async () => {
    await office?.close();
    await databases?.end();
  });

  /** Where the server finds it as delivered by somebody else. */
  function deliver(name: string, megabytes: number): void {
    const folder = join(dovecot().maildir(office.user), 'new');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, name);
    const file = openSync(path, 'w');
    writeSync(
      file,
      `From: Maria Lopez <maria@tenant.example>\r\nSubject: ${megabytes} MB\r\nMessage-ID: <${name}>\r\n\r\n`,
    );
    const lines = `${'x'.repeat(70)}\r\n`.repeat(Math.floor(MEGABYTE / 72));
    for (let n = 0; n < megabytes; n += 1) writeSync(file, lines);
    closeSync(file);
    chownSync(path, SERVER_USER.uid, SERVER_USER.gid);
  }

  test('hazards 15: it is parked with what its header says and an owner, and the mail behind it is answered', async () => {
    await office.person.append('INBOX', office.newLetter());
    deliver('1700000000.M1.large', 200);
    const before = process.memoryUsage().rss;
    await office.ingest();
    await office.person.append('INBOX', office.newLetter());
    await office.ingest();
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * MEGABYTE);
    await office.settle();
    const dispositions = (await office.rows()).map(({ disposition }) => disposition);
    expect(dispositions).toEqual(['request', 'parked', 'request']);
    expect(office.acknowledged()).toHaveLength(2);
    expect(await office.violations()).toEqual([]);
  }, 60_000);
});
