/** Row 14 of the hazards on Dovecot: tokens of an OAuth 2 server log in, end while the session idles, and are revoked. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { postgresTokenRows } from '../../src/adapters/db/oauth-tokens.ts';
import type { Pool } from '../../src/adapters/db/pool.ts';
import { imapMailboxReader } from '../../src/adapters/imap/mailbox-reader.ts';
import { sealWith } from '../../src/adapters/oauth/seal.ts';
import { signIn } from '../../src/adapters/oauth/sign-in.ts';
import { tokenGrants } from '../../src/adapters/oauth/token-grants.ts';
import { accessTokens, keepSignIn, type TokenDeps } from '../../src/app/access-tokens.ts';
import { type OauthServer, startOauthServer } from '../support/oauth-server.ts';
import { type Dovecot, startDovecot } from '../support/stack/dovecot.ts';
import { type Office, openOffice } from '../support/stack/office.ts';
import { describeOn } from '../support/stack/use-server.ts';
import { type MigratedDatabases, startMigratedDatabases, testPool } from '../support/store-database.ts';
import { waitUntil } from '../support/wait-until.ts';

const INBOX = 'maintenance';

describeOn(['dovecot'], 'a mailbox on Dovecot that is logged in to with tokens', () => {
  let provider: OauthServer;
  let dovecot: Dovecot;
  let databases: MigratedDatabases;
  let pool: Pool;
  let office: Office;

  beforeAll(async () => {
    provider = await startOauthServer();
    dovecot = await startDovecot({ tokeninfoUrl: provider.tokeninfoUrl });
    databases = await startMigratedDatabases();
  });
  afterAll(async () => {
    await dovecot?.end();
    await provider?.close();
    await databases?.end();
  });
  afterEach(async () => {
    await office.close();
    await pool.end();
  });

  /** Somebody has signed in; `reader` logs in with what comes of it. */
  async function open(seconds: number) {
    provider.gives.seconds = seconds;
    const url = await databases.fresh();
    pool = testPool(url);
    office = await openOffice(dovecot, url);
    provider.account = office.user;
    const client = provider.client();
    const deps: TokenDeps = {
      rows: postgresTokenRows(pool),
      seal: () => sealWith('a secret of the configuration'),
      grantsOf: () => tokenGrants(client, office.user),
      random: () => 0,
    };
    const connect = async () => {
      const tell = ({ url: address }: { url: string }) => void fetch(address).catch(() => {});
      const brought = new Promise<string>(() => {});
      const signal = AbortSignal.timeout(60_000);
      await keepSignIn(deps, INBOX, await signIn({ client, account: office.user, tell, brought, signal }));
    };
    await connect();
    const tokens = accessTokens(deps);
    const given: { value: string; until: number }[] = [];
    const reader = imapMailboxReader({
      ...{ host: '127.0.0.1', port: dovecot.port, tls: 'none', user: office.user },
      token: async (refused) => {
        const token = await tokens.of(INBOX, refused);
        given.push(token);
        return token;
      },
    });
    return { connect, reader, given };
  }

  const stored = async () => (await office.rows()).length;

  test('hazards 14: one that ends while the session idles is replaced in silence, and mail goes on coming in', async () => {
    const { reader, given } = await open(2);
    await office.person.append('INBOX', office.newLetter());
    const watch = office.watch('INBOX', reader);
    await waitUntil('the first mail', async () => (await stored()) === 1, 30_000);
    await waitUntil('the end of the token', () => Date.now() * 1_000 > (given[0]?.until ?? 0), 30_000);
    expect(dovecot.signalSessions(office.user, 'SIGTERM')).toBeGreaterThan(0);
    await office.person.append('INBOX', office.newLetter());
    await waitUntil('the second mail', async () => (await stored()) === 2, 30_000);
    await watch.stop();
    expect(watch.troubles).toEqual(['imap-token-ended']);
    expect(new Set(given.map(({ value }) => value)).size).toBe(given.length);
    expect((await pool.query('SELECT trouble_code FROM mailbox')).rows).toEqual([{ trouble_code: null }]);
  });

  test('hazards 14: one that is revoked is told as that after one try to renew it, and mail comes in once somebody has signed in', async () => {
    const { reader, connect } = await open(3_600);
    const watch = office.watch('INBOX', reader);
    await waitUntil('it idles', () => watch.waits() > 0, 30_000);
    provider.revoke();
    provider.asked.length = 0;
    dovecot.signalSessions(office.user, 'SIGTERM');
    const trouble = async () => (await pool.query('SELECT trouble_code AS code FROM mailbox')).rows[0]?.code;
    await waitUntil('the trouble', async () => (await trouble()) === 'oauth-revoked', 30_000);
    await waitUntil('some more rounds', () => watch.troubles.length > 4, 30_000);
    expect(provider.asked).toHaveLength(1);
    await office.person.append('INBOX', office.newLetter());
    await connect();
    await waitUntil('the mail', async () => (await stored()) === 1, 30_000);
    await watch.stop();
    expect(await trouble()).toBeNull();
  });
});
