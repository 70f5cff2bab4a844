/** `baton connect`, as somebody calls it who signs in, against an OAuth 2 server, an IMAP and an SMTP server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { addConnect } from '../../src/cli/connect.ts';
import { listenOnLoopback } from '../../src/runtime/mail-server/imap-side.ts';
import { type OauthServer, startOauthServer } from '../support/oauth-server.ts';
import { type ScriptedImap, startScriptedImap } from '../support/scripted-imap.ts';
import { emptyDatabase, type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';

let databases: MigratedDatabases;
let url: string;
let folder: string;
let provider: OauthServer;
let imap: ScriptedImap;
let smtp: SMTPServer;
let isIn = true;

beforeAll(async () => {
  databases = await startMigratedDatabases();
  url = await databases.fresh();
  folder = mkdtempSync(join(tmpdir(), 'baton-connect-'));
  provider = await startOauthServer();
  imap = await startScriptedImap((command) => {
    if (command === 'CAPABILITY') return ['* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2', '% OK done'];
    if (!command.startsWith('AUTHENTICATE')) return null;
    return isIn ? ['% OK welcome'] : ['% NO User is authenticated but not connected.'];
  });
  smtp = new SMTPServer({
    ...{ allowInsecureAuth: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true, logger: false },
    authMethods: ['XOAUTH2'],
    onAuth: ({ accessToken = '' }, _session, done) =>
      provider.isGood(accessToken) ? done(null, { user: 'office' }) : done(new Error('no')),
  });
  const port = await listenOnLoopback(smtp.server);
  vi.stubEnv('CONNECT_SECRET', 'k'.repeat(32));
  vi.stubEnv('CONNECT_CLIENT', 'client-secret');
  writeFileSync(
    join(folder, 'baton.yaml'),
    `
secret: \${CONNECT_SECRET}
defaults: {timeZone: UTC}
database: {url: "${url}"}
oauth:
  here:
    provider: google
    clientId: baton
    clientSecret: \${CONNECT_CLIENT}
    authorizeUrl: ${provider.url}/authorize
    tokenUrl: ${provider.url}/token
inboxes:
  office:
    address: office@elm.example
    name: Elm
    oauth: here
    imap: {host: 127.0.0.1, port: ${imap.port}, tls: none, user: office@elm.example}
    smtp: {host: 127.0.0.1, port: ${port}, tls: none, user: office@elm.example}
    triageLead: leah
    finalManager: leah
  sales:
    address: sales@elm.example
    name: Elm
    imap: {host: 127.0.0.1, tls: none, user: sales, password: p}
    smtp: {host: 127.0.0.1, tls: none}
    triageLead: leah
    finalManager: leah
members:
  leah: {name: Leah, addresses: [leah@elm.example]}
`,
  );
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await Promise.all([provider.close(), imap.close(), new Promise<void>((done) => smtp.close(() => done()))]);
  await databases.end();
});
beforeEach(async () => {
  isIn = true;
  await emptyDatabase(url);
});

/** Whoever reads what is printed opens the address, after having typed this. */
async function connect(inbox: string, typed = ''): Promise<{ out: string; error: unknown }> {
  let out = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    const address = /^http:\S+authorize\S+$/m.exec(String(text))?.[0];
    if (address !== undefined) {
      if (typed !== '') process.stdin.emit('data', Buffer.from(typed));
      void fetch(address).catch(() => {});
    }
    return true;
  });
  const program = new Command().exitOverride();
  addConnect(program);
  try {
    await program.parseAsync(['connect', inbox, '--config', join(folder, 'baton.yaml')], { from: 'user' });
    return { out, error: null };
  } catch (error) {
    return { out, error };
  } finally {
    write.mockRestore();
  }
}

describe('baton connect', () => {
  test.each(['office', 'Office@elm.example'])(
    'signs in for %s, tries both servers, and shows no token',
    async (named) => {
      const { out, error } = await connect(named);
      expect(error).toBeNull();
      expect(out).toContain('sign in as office@elm.example');
      expect(out).toContain(
        'office@elm.example: the mailbox can be read.\noffice@elm.example: mail can be sent.\n',
      );
      expect(out).not.toMatch(/refresh-|client-secret|eyJ/);
    },
  );

  test('goes on waiting for the browser when something is typed that is no address', async () => {
    const { out, error } = await connect('office', '\nhello\n');
    expect(error).toBeNull();
    expect(out).toContain('That is no address.');
    expect(out).toContain('Signed in.');
  });

  test('says what a mail server makes of a sign-in that is good and is let in nowhere', async () => {
    isIn = false;
    const { out, error } = await connect('office');
    expect(out).toContain('Signed in.');
    expect(String(error)).toMatch(/User is authenticated but not connected/);
    expect(String(error)).not.toMatch(/eyJ/);
  });

  test('tells whose sign-in it can make when it is asked for another', async () => {
    expect(String((await connect('sales')).error)).toContain(
      'logs in with its password; there is nothing to connect. It can be: office.',
    );
    expect(String((await connect('nobody')).error)).toContain('There is no inbox nobody. It can be: office.');
  });

  test('says in words of the provider why nobody was signed in', async () => {
    provider.refuse({ status: 400, error: 'invalid_grant' });
    const { error } = await connect('office');
    provider.refuse(null);
    expect(String(error)).toContain('Nobody was signed in: 127.0.0.1:');
    expect(String(error)).toContain('says invalid_grant');
  });
});
