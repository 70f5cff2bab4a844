/** What somebody types who sets Baton up, the configuration that is made of it, and which proof of a sender is chosen. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { envLine, parseEnvFile, withEnvFile } from '../../src/config/env-file.ts';
import { parseConfig } from '../../src/config/load.ts';
import { NoWordings } from '../../src/config/notices.ts';
import {
  readChoice,
  readInboxAddress,
  readPerson,
  readServer,
  readTeam,
  readZone,
  serverText,
} from '../../src/domain/first-hour/answers.ts';
import {
  authenticationOf,
  candidatesFor,
  isFromGoogleGroup,
  usualAuthentication,
} from '../../src/domain/first-hour/choose-authentication.ts';
import { configurationText } from '../../src/domain/first-hour/configuration-text.ts';
import type { Person, Plan, SignInPlan } from '../../src/domain/first-hour/plan.ts';
import { Providers } from '../../src/domain/providers.ts';
import { authenticateSender } from '../../src/domain/sender-authentication/authenticate-sender.ts';

const PRIYA: Person = { id: 'priya', name: 'Priya Nair', address: 'priya@elm.example' };
const PLAN: Plan = {
  inbox: {
    id: 'office',
    address: 'office@elm.example',
    name: 'Elm',
    imap: { host: 'imap.elm.example', port: 993, tls: 'implicit', user: 'office@elm.example' },
    smtp: { host: 'smtp.elm.example', port: 465, tls: 'implicit', user: 'office@elm.example' },
    sent: ['Sent'],
    signIn: null,
  },
  timeZone: 'Europe/Berlin',
  people: [PRIYA],
  frontDesk: 'priya',
  manager: 'priya',
  teams: [],
  authentication: { mode: 'own-check', trustedHosts: [] },
  variables: { secret: 'BATON_SECRET', password: 'OFFICE_PASSWORD', smtpPassword: 'OFFICE_PASSWORD' },
};
const ENV = { BATON_SECRET: 'x'.repeat(64), OFFICE_PASSWORD: 'p' };
const load = (plan: Plan) =>
  parseConfig(configurationText(plan), 'baton.yaml', ENV, {
    secretFile: () => ({ ok: false, why: 'is not there' }),
    notices: () => ({ wordings: NoWordings, problems: [], why: null }),
  });

const INBOX = 'office@elm.example';

describe('answers', () => {
  test('that are wrong are told, with how they look when they are right', () => {
    expect(readInboxAddress('office')).toMatchObject({ ok: false });
    expect(readInboxAddress(`${'a'.repeat(38)}@elm.example`)).toMatchObject({ ok: false });
    expect(readServer('imap elm', 'imap')).toMatchObject({ ok: false });
    expect(readServer('imap.elm.example:0', 'imap')).toMatchObject({ ok: false });
    expect(readPerson('priya@elm.example', [], INBOX)).toMatchObject({ ok: false });
    // Whoever has no address of their own could be asked nothing.
    expect(readPerson('Dana Wolfe Office@elm.example', [], INBOX)).toMatchObject({ ok: false });
    expect(readPerson('Priya Two priya@elm.example', [PRIYA], INBOX)).toMatchObject({ ok: false });
    expect(readTeam('repairs: nobody', [PRIYA], [])).toMatchObject({ ok: false });
    expect(readTeam('priya: priya', [PRIYA], [])).toMatchObject({ ok: false });
    expect(readZone('Mars/Olympus')).toMatchObject({ ok: false });
    expect(readChoice('2', [PRIYA])).toMatchObject({ ok: false });
  });

  test('name a person with or without brackets, and two of a first name have ids of their own', () => {
    expect(readPerson('Priya Nair <priya@elm.example>', [], INBOX)).toEqual({ ok: true, value: PRIYA });
    expect(readPerson('Priya Shah priya.shah@elm.example', [PRIYA], INBOX)).toMatchObject({
      value: { id: 'priya-shah' },
    });
    expect(readPerson('Zoë Ångström zoe@elm.example', [], INBOX)).toMatchObject({ value: { id: 'zoe' } });
    expect(readPerson('李 li@elm.example', [], INBOX)).toMatchObject({ value: { id: 'member' } });
  });

  test('name a server by as little as is needed, and what is offered is read as the same', () => {
    expect(readServer('imap.elm.example', 'imap')).toMatchObject({ value: { port: 993, tls: 'implicit' } });
    expect(readServer('mail.elm.example:587', 'smtp')).toMatchObject({ value: { tls: 'starttls' } });
    const plan = fc.record({
      host: fc.constantFrom('imap.elm.example', '127.0.0.1'),
      port: fc.integer({ min: 1, max: 65_535 }),
      tls: fc.constantFrom('implicit', 'starttls', 'none'),
    });
    fc.assert(
      fc.property(plan, (server) => {
        expect(readServer(serverText(server, 'imap'), 'imap')).toEqual({ ok: true, value: server });
      }),
    );
  });
});

describe('the configuration that is written', () => {
  test('is one that the loader takes, with a comment at every block', () => {
    const loaded = load({ ...PLAN, teams: [{ id: 'repairs', members: ['priya'] }] });
    expect(loaded).toMatchObject({ ok: true, warnings: [] });
    const text = configurationText(PLAN);
    expect(text).not.toContain(ENV.BATON_SECRET);
    for (const block of ['secret', 'defaults', 'inboxes', 'members', 'rules'])
      expect(text).toMatch(new RegExp(`^#.*\\n${block}:`, 'm'));
  });

  test('names the client of a provider in place of a password', () => {
    const signIn: SignInPlan = {
      ...{ id: 'm365', provider: 'microsoft', servers: 'microsoft365', tenant: 'elm.example' },
      ...{ clientId: '11111111-2222-3333-4444-555555555555', secretVariable: null },
    };
    const loaded = load({ ...PLAN, inbox: { ...PLAN.inbox, sent: ['Sent Items'], signIn } });
    expect(loaded.ok && loaded.config.inboxes.office?.imap).toMatchObject({
      ...{ host: 'outlook.office365.com', oauth: 'm365', user: 'office@elm.example' },
    });
  });

  test('says whatever somebody is called, as it was typed', () => {
    const name = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter((text) => {
      return text.trim() === text && !/[\p{C}\u2028\u2029\u0085]/u.test(text);
    });
    fc.assert(
      fc.property(name, (called) => {
        const loaded = load({ ...PLAN, people: [{ ...PRIYA, name: called }] });
        expect(loaded.ok && loaded.config.members.priya?.name).toBe(called);
      }),
      { numRuns: 60, examples: [[`\${BATON_SECRET}`], ['yes'], ['# x'], ['a: b'], ['"'], ["O'Neil, Jr."]] },
    );
  });
});

describe('the file of secrets', () => {
  test('gives back every value of one line, and the environment wins', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const line = envLine('PASSWORD', value);
        if (line === null) expect(value).toMatch(/[\r\n\0]/);
        else if (value !== '' && !/[\u0085\u2028\u2029]/.test(value))
          expect(parseEnvFile(`# a comment\n${line}\nOTHER=1`)).toMatchObject({
            PASSWORD: value,
            OTHER: '1',
          });
      }),
      { examples: [['"quoted"'], [' spaces '], ["'"], ['a#b'], ['$HOME'], ['=']] },
    );
    expect(withEnvFile({ A: '1' }, '/nowhere/.env')).toEqual({ A: '1' });
  });
});

describe('which proof of a sender an inbox rests on', () => {
  const mail = (...headers: [string, string][]) => ({
    warnings: [],
    headers: [...headers, ['from', 'Priya <priya@elm.example>'] as const].map(([name, value]) => ({
      name,
      value,
    })),
  });
  const passing = (raw: ReturnType<typeof mail>, provider = Providers.imap) =>
    candidatesFor(raw, provider)
      .filter(({ mode }) => mode === 'mail-server')
      .find((plan) => authenticateSender(raw, authenticationOf(plan), (one) => [one]).result === 'pass');
  const RECEIVED =
    'from client ([203.0.113.9]) by mx.elm.example with ESMTPSA; Tue, 3 Mar 2026 08:41:00 +0000';

  test('is our own check before anything that has to be believed', () => {
    expect(candidatesFor(mail(), Providers.imap)[0]).toEqual({ mode: 'own-check', trustedHosts: [] });
    expect(usualAuthentication(null)).toEqual({ mode: 'own-check', trustedHosts: [] });
  });

  test('is what the mailbox’s own server wrote, above its line or below it', () => {
    const result = 'mx.elm.example; dmarc=pass header.from=elm.example';
    expect(passing(mail(['authentication-results', result], ['received', RECEIVED]))).toMatchObject({
      ...{ trustedHosts: ['mx.elm.example'], authservId: 'mx.elm.example', resultsBelowReceived: false },
    });
    expect(passing(mail(['received', RECEIVED], ['authentication-results', result]))).toMatchObject({
      resultsBelowReceived: true,
    });
  });

  test('is the login where the server notes it, and nothing where it notes nothing', () => {
    const login = 'mx.elm.example; auth=pass smtp.auth=priya@elm.example';
    expect(passing(mail(['authentication-results', login], ['received', RECEIVED]))).toMatchObject({
      ownLogin: true,
    });
    expect(passing(mail(['received', RECEIVED]))).toBeUndefined();
  });

  test('is the mark of Microsoft 365 for mail from inside', () => {
    const inside = mail(
      [
        'received',
        'from a.prod.outlook.com ([2603:10a6::1]) by b.prod.outlook.com with HTTPS; Tue, 3 Mar 2026 08:41:00 +0000',
      ],
      ['x-ms-exchange-organization-authas', 'Internal'],
    );
    expect(passing(inside, Providers.microsoft365)).toMatchObject({ insideTenant: true });
  });

  test('a Google Group is known by what it writes into the header', () => {
    expect(isFromGoogleGroup(mail(['x-google-group-id', '123']))).toBe(true);
    expect(isFromGoogleGroup(mail(['list-id', '<tenants.lists.example>']))).toBe(false);
  });
});
