/** Which servers, folders and logins an inbox has: by its provider, by what is written, or by both. */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { NoWordings } from '../../src/config/notices.ts';
import { formatProblems } from '../../src/config/problems.ts';

const KEY = JSON.stringify({ client_email: 'robot@p.example', private_key: '-----BEGIN PRIVATE KEY-----' });

function parsed(inbox: string, more = '') {
  const text = `
secret: ${'k'.repeat(32)}
defaults: {timeZone: UTC}
oauth:
  google: {provider: google, clientId: c, clientSecret: s}
  robot: {provider: google, serviceAccount: "\${KEY}"}
  m365: {provider: microsoft, clientId: c, tenant: elm.example}
  m365-own: {provider: microsoft, clientId: c, clientSecret: s, tenant: elm.example}
${more}
inboxes:
  office: {address: office@elm.example, name: Elm, triageLead: leah, finalManager: leah, ${inbox}}
members:
  leah: {name: Leah, addresses: [leah@elm.example]}
`;
  const around = {
    secretFile: () => ({ ok: false, why: 'is not there' }) as const,
    notices: () => ({ wordings: NoWordings, problems: [], why: null }),
  };
  const loaded = parseConfig(text, 'baton.yaml', { KEY }, around);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.config;
}
const office = (inbox: string) => {
  const { imap, smtp, folders } = parsed(inbox).inboxes.office ?? {};
  return { imap, smtp, folders };
};

describe('an inbox', () => {
  test('needs nothing but its provider and a client where it is logged in to with tokens', () => {
    expect(office('provider: gmail, oauth: google')).toEqual({
      imap: {
        host: 'imap.gmail.com',
        port: 993,
        tls: 'implicit',
        user: 'office@elm.example',
        oauth: 'google',
      },
      smtp: {
        host: 'smtp.gmail.com',
        port: 465,
        tls: 'implicit',
        user: 'office@elm.example',
        oauth: 'google',
      },
      folders: { inbox: 'INBOX', sent: ['[Gmail]/Sent Mail'] },
    });
    expect(office('provider: microsoft365, oauth: m365').smtp).toMatchObject({
      ...{ host: 'smtp.office365.com', port: 587, tls: 'starttls' },
    });
  });

  test('says what is different about it, and that holds', () => {
    const { imap, smtp, folders } = office(
      'provider: microsoft365, oauth: m365, smtp: {user: priya@elm.example}, folders: {sent: [Gesendet]}',
    );
    expect(imap).toMatchObject({ host: 'outlook.office365.com', user: 'office@elm.example' });
    expect(smtp).toMatchObject({ host: 'smtp.office365.com', user: 'priya@elm.example', oauth: 'm365' });
    expect(folders?.sent).toEqual(['Gesendet']);
  });

  test('with a password of its own uses that, whatever client it names', () => {
    const { imap, smtp } = office('provider: gmail, oauth: google, imap: {password: p}');
    expect(imap).toMatchObject({ password: 'p' });
    expect(imap).not.toHaveProperty('oauth');
    expect(smtp).toMatchObject({ oauth: 'google' });
  });

  test('that sends through a relay of its own without a user logs in nowhere there', () => {
    const { smtp } = office('provider: gmail, oauth: google, smtp: {host: relay.elm.example, tls: none}');
    expect(smtp).toEqual({ host: 'relay.elm.example', port: 25, tls: 'none' });
  });

  test('without a provider is as it ever was', () => {
    expect(office('imap: {host: h, user: u, password: p}, smtp: {host: h}')).toEqual({
      imap: { host: 'h', port: 993, tls: 'implicit', user: 'u', password: 'p' },
      smtp: { host: 'h', port: 465, tls: 'implicit' },
      folders: { inbox: 'INBOX', sent: ['Sent'] },
    });
  });
});

describe('a client', () => {
  const { oauth } = parsed('provider: gmail, oauth: google');

  test('of Google is signed in to with a browser, or is a service account', () => {
    expect(oauth.google).toMatchObject({
      ...{ way: 'browser', clientId: 'c', clientSecret: 's', scopes: ['https://mail.google.com/'] },
      tokenUrl: 'https://oauth2.googleapis.com/token',
    });
    expect(oauth.robot).toMatchObject({
      ...{ way: 'service-account', clientId: 'robot@p.example', clientSecret: null },
      privateKey: '-----BEGIN PRIVATE KEY-----',
    });
  });

  test('of Microsoft is signed in to with a code, or by itself with a secret', () => {
    expect(oauth.m365).toMatchObject({
      ...{ way: 'device', clientSecret: null },
      deviceUrl: 'https://login.microsoftonline.com/elm.example/oauth2/v2.0/devicecode',
    });
    expect(oauth['m365-own']).toMatchObject({
      ...{ way: 'client-credentials', scopes: ['https://outlook.office365.com/.default'] },
    });
  });

  test('may have its endpoints elsewhere: https, or this same host', () => {
    const at = (tokenUrl: string) =>
      parsed(
        'provider: gmail, oauth: google',
        `  here: {provider: google, clientId: c, clientSecret: s, tokenUrl: "${tokenUrl}"}`,
      );
    expect(at('https://login.microsoftonline.us/x').oauth.here?.tokenUrl).toBe(
      'https://login.microsoftonline.us/x',
    );
    expect(at('http://127.0.0.1:8080/token').oauth.here?.tokenUrl).toBe('http://127.0.0.1:8080/token');
    expect(() => at('http://login.example/token')).toThrow('this is no https address');
    expect(() => at('file:///etc/passwd')).toThrow('this is no https address');
  });
});
