/** Each check of the doctor fails once, and says what that means and what to do. */
import { describe, expect, test } from 'vitest';
import { certificateCheck } from '../../src/domain/doctor/certificate.ts';
import { type Check, fine, isWell, problem, warning } from '../../src/domain/doctor/check.ts';
import { type DomainRecords, domainChecks } from '../../src/domain/doctor/domain-records.ts';
import { imapLoginCheck, smtpLoginCheck } from '../../src/domain/doctor/login.ts';
import {
  databaseChecks,
  diskCheck,
  nodeCheck,
  redisCheck,
  skewCheck,
} from '../../src/domain/doctor/machine.ts';
import { mailboxChecks, sentFolderIn } from '../../src/domain/doctor/mailbox.ts';
import { memberChecks } from '../../src/domain/doctor/members.ts';
import { roundTripCheck } from '../../src/domain/doctor/round-trip.ts';
import { signatureIn } from '../../src/domain/doctor/signature.ts';
import { DAY, fromIso, SECOND } from '../../src/domain/instant.ts';
import { Providers } from '../../src/domain/providers.ts';

const NOW = fromIso('2026-03-03T09:00:00Z');
const IMAP = { kind: 'imap', host: 'imap.elm.example' } as const;
const GOOD_DNS: DomainRecords = {
  mx: ['mx.elm.example'],
  spf: ['v=spf1 include:spf.elm.example -all'],
  dmarc: ['v=DMARC1; p=reject'],
  dkim: { selector: 's1', domain: 'elm.example', key: ['v=DKIM1; p=MIGf'] },
};
const GOOD_MAILBOX = {
  capabilities: new Set(['IDLE', 'UIDPLUS']),
  folders: [
    { path: 'INBOX', use: null },
    { path: 'Gesendet', use: '\\Sent' },
  ],
};
const PLAN = { inbox: 'INBOX', sent: ['Gesendet'] };
const ACCOUNT = {
  host: 'imap.elm.example',
  port: 993,
  user: 'office',
  address: 'office@elm.example',
  provider: null,
};
const READY = { name: 'Priya', ready: true, unreached: false, doubted: false, welcomed: true };

const dns = (change: Partial<DomainRecords>) =>
  domainChecks({ ...GOOD_DNS, ...change }, 'elm.example', 'office');
const states = (checks: readonly Check[]) =>
  checks.filter(({ state }) => state !== 'ok').map(({ id, state }) => `${id} ${state}`);

test('what is well is told in one line and has nothing to mend', () => {
  const all = [
    ...dns({}),
    ...mailboxChecks(GOOD_MAILBOX, PLAN, 'office'),
    ...databaseChecks({ type: 'server', version: 17, connectionsMax: 100, behind: 0 }),
    ...memberChecks([READY]),
    nodeCheck('v24.1.0'),
    diskCheck({ freeBytes: 9e10, folder: '/data' }),
    redisCheck('ready'),
    skewCheck('database', SECOND, null),
    certificateCheck({ type: 'valid', until: NOW + 60 * DAY }, IMAP, NOW, 'office'),
    imapLoginCheck(null, ACCOUNT, 'office'),
    smtpLoginCheck(null, ACCOUNT, 'office'),
    roundTripCheck({ type: 'arrived', took: SECOND, sentCopy: null }, 'office@elm.example', 'office'),
  ];
  expect(states(all)).toEqual([]);
  expect(all.every(({ means, fix }) => means === null && fix === null)).toBe(true);
});

const refused = { code: 'imap-login-refused', said: 'Authentication failed.' };
const FAILING: readonly (readonly [string, readonly Check[], string, RegExp])[] = [
  ['an old Node', [nodeCheck('v20.1.0')], 'node problem', /npx baton/],
  ['little room', [diskCheck({ freeBytes: 1e9, folder: '/data' })], 'disk warning', /another folder/],
  ['no room', [diskCheck({ freeBytes: 1e8, folder: '/data' })], 'disk problem', /Make room/],
  [
    'a database that does not answer',
    databaseChecks({ type: 'unreachable', why: 'No.' }),
    'database problem',
    /database\.url/,
  ],
  [
    'an old PostgreSQL',
    databaseChecks({ type: 'server', version: 12, connectionsMax: 100, behind: 0 }),
    'database problem',
    /15 or newer/,
  ],
  [
    'missing migrations',
    databaseChecks({ type: 'server', version: 17, connectionsMax: 100, behind: 2 }),
    'database-schema problem',
    /baton migrate/,
  ],
  [
    'few connections',
    databaseChecks({ type: 'server', version: 17, connectionsMax: 20, behind: 0 }),
    'database-connections warning',
    /max_connections/,
  ],
  [
    'a Redis that evicts',
    [redisCheck({ refused: 'Redis drops keys.\n  redis-cli CONFIG SET' })],
    'redis problem',
    /CONFIG SET/,
  ],
  ['a Redis that is away', [redisCheck('away')], 'redis warning', /redis\.url/],
  [
    'a database clock that is wrong',
    [skewCheck('database', -90 * SECOND, null)],
    'clock-database warning',
    /set-ntp/,
  ],
  [
    'a certificate that ends soon',
    [certificateCheck({ type: 'valid', until: NOW + 3 * DAY }, IMAP, NOW, 'office')],
    'imap-tls warning',
    /renew/,
  ],
  [
    'a certificate of another name',
    [certificateCheck({ type: 'refused', code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, IMAP, NOW, 'office')],
    'imap-tls problem',
    /"host"/,
  ],
  [
    'a refused login',
    [imapLoginCheck(refused, ACCOUNT, 'office')],
    'imap-login problem',
    /IMAP must be switched on/,
  ],
  [
    'no such folder',
    mailboxChecks(GOOD_MAILBOX, { ...PLAN, inbox: 'Eingang' }, 'office'),
    'imap-folder problem',
    /"INBOX", "Gesendet"/,
  ],
  [
    'another folder of sent mail',
    mailboxChecks(GOOD_MAILBOX, { ...PLAN, sent: ['Sent'] }, 'office'),
    'imap-sent problem',
    /\[Gesendet\]/,
  ],
  [
    'no folder of sent mail read',
    mailboxChecks(GOOD_MAILBOX, { ...PLAN, sent: [] }, 'office'),
    'imap-sent warning',
    /\[Gesendet\]/,
  ],
  [
    'no IDLE',
    mailboxChecks({ ...GOOD_MAILBOX, capabilities: new Set() }, PLAN, 'office'),
    'imap-idle warning',
    /Nothing has to be done/,
  ],
  ['no MX', dns({ mx: [] }), 'dns-mx warning', /MX record/],
  ['no SPF', dns({ spf: [] }), 'dns-spf warning', /v=spf1/],
  ['two SPF records', dns({ spf: ['v=spf1 -all', 'v=spf1 ~all'] }), 'dns-spf problem', /one record/],
  ['an SPF record for everybody', dns({ spf: ['v=spf1 +all'] }), 'dns-spf problem', /-all/],
  ['no DMARC', dns({ dmarc: [] }), 'dns-dmarc warning', /_dmarc\.elm\.example/],
  [
    'a signature without a key',
    dns({ dkim: { selector: 's1', domain: 'elm.example', key: [] } }),
    'dns-dkim problem',
    /TXT record/,
  ],
  [
    'a mail that is lost',
    [roundTripCheck({ type: 'lost', waited: 60 * SECOND, junk: null }, 'office@elm.example', 'office')],
    'round-trip problem',
    /recipient_delimiter/,
  ],
  [
    'a mail among the spam',
    [roundTripCheck({ type: 'lost', waited: 60 * SECOND, junk: 'Spam' }, 'office@elm.example', 'office')],
    'round-trip problem',
    /"Spam"/,
  ],
  [
    'a member who has not answered',
    memberChecks([READY, { ...READY, name: 'Sam', ready: false }]),
    'members warning',
    /--again/,
  ],
  [
    'a member who was never written to',
    memberChecks([{ ...READY, ready: false, welcomed: false }]),
    'members warning',
    /baton welcome/,
  ],
  [
    'a member whose mail comes back',
    memberChecks([{ ...READY, unreached: true }]),
    'member-unreached problem',
    /Correct the address/,
  ],
  [
    'a member whose answer did not count',
    memberChecks([{ ...READY, ready: false, doubted: true }]),
    'member-doubted problem',
    /DKIM/,
  ],
];

test.each(FAILING)('%s is told with what it means and what to do', (_, checks, told, fix) => {
  const bad = checks.filter(({ state }) => state !== 'ok');
  expect(states(checks)).toEqual([told]);
  expect(bad[0]?.means).toMatch(/\.$/);
  expect(bad[0]?.fix).toMatch(fix);
});

test('what could not be looked at says so instead of looking well', () => {
  const unknown = dns({ mx: null, spf: null, dmarc: null, dkim: null });
  expect(unknown.map(({ state }) => state)).toEqual(['skipped', 'skipped', 'skipped', 'skipped']);
  const members = (['never-started', 'stopped', 'unreachable'] as const).flatMap(memberChecks);
  expect(members.map(({ state }) => state)).toEqual(['skipped', 'skipped', 'skipped']);
  expect(roundTripCheck(null, 'office@elm.example', 'office').says).toContain('--send');
});

test('how many are ready is counted out of all', () => {
  const members = Array.from({ length: 14 }, (_, at) => ({
    ...READY,
    name: `Member ${at + 1}`,
    ready: at < 11,
  }));
  expect(memberChecks(members)[0]?.says).toBe(
    '11 of 14 members ready; not yet: Member 12, Member 13, Member 14.',
  );
});

describe('a refused login is mended the way its provider needs', () => {
  test.each([
    ['gmail', refused, /apppasswords.*Google Group/],
    ['microsoft365', refused, /OAuth/],
    ['fastmail', refused, /app password/],
  ] as const)('to read mail at %s', (id, refusal, fix) => {
    expect(imapLoginCheck(refusal, { ...ACCOUNT, provider: Providers[id] }, null).fix).toMatch(fix);
  });

  test.each([
    [
      'imap-unreachable',
      'Detail: getaddrinfo ENOTFOUND imap.elm.exmple',
      /^There is no server of that name\./,
    ],
    ['smtp-dns', 'getaddrinfo ENOTFOUND imap.elm.exmple', /^There is no server of that name\./],
    ['imap-unreachable', 'Detail: getaddrinfo EAI_AGAIN imap.elm.exmple', /^No name server could say/],
    [
      'imap-unreachable',
      'Detail: connect ECONNREFUSED 192.0.2.1:993',
      /^See whether this machine reaches it/,
    ],
  ])('by what the network says: %s, %s', (code, said, fix) => {
    for (const check of [imapLoginCheck, smtpLoginCheck])
      expect(check({ code, said }, ACCOUNT, null).fix).toMatch(fix);
  });

  test('to send as a shared mailbox without a licence', () => {
    const said = '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled';
    const check = smtpLoginCheck({ code: 'smtp-login-refused', said }, ACCOUNT, null);
    expect(check.fix).toContain('Set-CASMailbox office -SmtpClientAuthenticationDisabled $false');
    expect(check.fix).toContain('Add-RecipientPermission office@elm.example');
  });
});

test('the folder of sent mail is the one the server marks, or else has one of the usual names', () => {
  expect(sentFolderIn(GOOD_MAILBOX.folders)).toBe('Gesendet');
  expect(sentFolderIn([{ path: 'INBOX.Sent Items', use: null }])).toBe('INBOX.Sent Items');
  expect(sentFolderIn([{ path: 'INBOX', use: null }])).toBeNull();
});

test('who signed a mail is read off its header alone', () => {
  const header =
    'From: a@elm.example\r\nDKIM-Signature: v=1; a=rsa-sha256;\r\n d=ELM.example; s=s1;\r\n b=abc=\r\n\r\n';
  expect(signatureIn(header)).toEqual({ domain: 'elm.example', selector: 's1' });
  expect(signatureIn('Subject: x\r\n\r\nDKIM-Signature: d=elm.example; s=s1')).toBeNull();
  expect(signatureIn('DKIM-Signature: d=evil/../x; s=s 1\r\n\r\n')).toBeNull();
});

test('only a problem is a reason not to start', () => {
  const found = { id: 'x' };
  expect(isWell([fine(found, 'a'), warning(found, 'b', 'c', 'd')])).toBe(true);
  expect(isWell([problem(found, 'b', 'c', 'd')])).toBe(false);
});
