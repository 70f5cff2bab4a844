/** What `status` says where a part of the picture is missing, and how it looks to a person. */
import { describe, expect, test } from 'vitest';
import type { LearningStanding } from '../../src/app/ports/learning.ts';
import type { OpenOutage } from '../../src/app/ports/outages.ts';
import type { OverviewRows } from '../../src/app/ports/overview.ts';
import { readStatus, type StatusOptions } from '../../src/app/status.ts';
import { inWords } from '../../src/cli/status.ts';
import { fromIso, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Trouble } from '../../src/domain/outage.ts';
import { memoryMailbox } from '../support/memory-mailbox.ts';

const OFFICE = 'office@elm.example';
const NOW = fromIso('2026-01-05T10:05:00Z');
const READER = { now: NOW, timeZone: 'UTC' };
const ROWS: OverviewRows = {
  folders: [
    {
      ...{ inboxId: 'office', folder: 'INBOX', uidValidity: '1', lastUid: 2, connected: true },
      reconciled: { at: NOW - 5 * MINUTE, missing: 0, repaired: 2, gone: 14 },
      junk: { folder: 'Junk', count: 3 },
    },
    {
      ...{ inboxId: 'office', folder: 'Sent', uidValidity: '1', lastUid: 0, connected: true },
      ...{ reconciled: null, junk: null },
    },
  ],
  inboxes: new Map([['office', { open: 7, unaccepted: 2, overdue: 1 }]]),
  members: [{ id: 'priya', owns: 5, offered: 1, unreached: true }],
  outbox: {
    pending: 3,
    waiting: new Map([['office', 3]]),
    failed: 0,
    returned: 2,
    capped: 0,
    unconfirmed: 0,
    repeated: 0,
  },
  pages: { waiting: 0, failed: 0 },
  parked: 1,
  parkedSince: null,
  clocksLate: 0,
};

const SERVERS = { imap: '127.0.0.1:10143', smtp: '127.0.0.1:10026' };

function ask(
  changes: Partial<OverviewRows> = {},
  mailbox = memoryMailbox(),
  more: Partial<StatusOptions> = {},
) {
  const options: StatusOptions = {
    overview: { read: async () => ({ ...ROWS, ...changes }) },
    outages: { open: async () => [], look: async () => ({ now: NOW, troubles: [] }) },
    watched: { folders: [], canaryWithin: null },
    canaries: { last: async () => [] },
    models: { inUse: async () => null },
    learning: { standing: async () => null },
    inboxes: [
      {
        ...{ id: 'office', address: OFFICE, folder: 'INBOX', others: ['Sent'], reader: mailbox.reader },
        ...{ servers: SERVERS, trySending: async () => null },
      },
    ],
    members: ['leah', 'priya'],
    signal: new AbortController().signal,
    ...more,
  };
  return readStatus(options);
}

function mailboxWith(mails: number) {
  const mailbox = memoryMailbox();
  for (let mail = 0; mail < mails; mail += 1) mailbox.append('INBOX', `Subject: ${mail}\r\n\r\n`);
  return mailbox;
}

describe('the status', () => {
  test('tells of a sign-in that ends or fails, and of none where a password logs in', async () => {
    const row = {
      ...{
        identity: 'x',
        keyId: 'x',
        refresh: null,
        access: null,
        accessUntil: null,
        failures: 1,
        retryAt: null,
      },
      ...{ renewedAt: NOW - 5 * MINUTE, refreshUntil: NOW + 5 * MINUTE },
      failed: { code: 'oauth-revoked', at: NOW, forGood: true },
    };
    const inbox = {
      id: 'office',
      address: OFFICE,
      folder: 'INBOX',
      others: ['Sent'],
      reader: memoryMailbox().reader,
      ...{ servers: SERVERS, trySending: async () => null },
    };
    const { status } = await ask({}, memoryMailbox(), { inboxes: [{ ...inbox, signIn: async () => row }] });
    expect(status.inboxes[0]?.signIn).toEqual({
      ...{ renewedAt: '2026-01-05T10:00:00.000Z', endsAt: '2026-01-05T10:10:00.000Z', code: 'oauth-revoked' },
    });
    expect(inWords(status, READER)).toContain(
      `${OFFICE}: its sign-in ends 10:10; run "npx baton connect" before.`,
    );
    expect(inWords(status, READER)).toContain(
      'no token to log in with: the sign-in was revoked, has run out, or the password was changed (oauth-revoked); last renewed 10:00.',
    );
    expect((await ask()).status.inboxes[0]).not.toHaveProperty('signIn');
  });

  test('tells that what was learned chooses less, since when and why, and else says nothing of it', async () => {
    const lowered = { since: NOW - 5 * MINUTE, categories: ['repair'], counts: { right: 4, wrong: 6 } };
    const asked = (models: StatusOptions['models']) => ask({}, memoryMailbox(), { models });
    const { status } = await asked({ inUse: async () => ({ version: 7, lowered }) });
    expect(status.learned).toEqual({
      ...{ model: 7, failedAt: null, lowered: { ...lowered, since: '2026-01-05T10:00:00.000Z' } },
    });
    expect(inWords(status, READER)).toContain(
      'What was learned chooses nobody for repair since 10:00: 6 of 10 of its choices were wrong.',
    );
    const well = await asked({ inUse: async () => ({ version: 7, lowered: null }) });
    expect(inWords(well.status, READER)).not.toContain('learned');
  });

  test('tells that nothing could be learned anew, also where nothing ever was', async () => {
    const standing: LearningStanding = {
      ...{ trainAt: NOW, running: false, outcome: 'failed', finishedAt: NOW - 5 * MINUTE },
      ...{ erasedAt: null, judgedFrom: null, lowered: null },
    };
    const learning = { standing: async () => standing };
    const { status } = await ask({}, memoryMailbox(), { learning });
    expect(status.learned).toEqual({ model: null, failedAt: '2026-01-05T10:00:00.000Z', lowered: null });
    expect(inWords(status, READER)).toContain('Nothing could be learned anew, last tried 10:00');
  });

  test('counts the mails beyond the cursor and closes its connection', async () => {
    const mailbox = mailboxWith(5);
    const { status, remarks } = await ask({}, mailbox);
    expect(status).toEqual({
      inboxes: [
        {
          address: OFFICE,
          mailbox: {
            ...{ connected: true, lastUid: 2, behind: 3 },
            reconciled: { at: '2026-01-05T10:00:00.000Z', missing: 0, repaired: 2, gone: 14 },
            junk: { folder: 'Junk', count: 3 },
          },
          canary: null,
          open: 7,
          unaccepted: 2,
          overdue: 1,
        },
      ],
      members: [
        { id: 'priya', owns: 5, offered: 1, unreached: true },
        { id: 'leah', owns: 0, offered: 0, unreached: false },
      ],
      outbox: { pending: 3, failed: 0, returned: 2, capped: 0, unconfirmed: 0, repeated: 0 },
      pages: { waiting: 0, failed: 0 },
      parked: 1,
      parkedSince: null,
      outages: [],
      learned: null,
    });
    expect(remarks).toEqual([]);
    expect(mailbox.openSessions()).toBe(0);
  });

  test('tells the rest when the mail server cannot be asked, and says so', async () => {
    const mailbox = mailboxWith(5);
    mailbox.failNext('imap-unreachable');
    const { status, remarks } = await ask({}, mailbox);
    expect(status.inboxes[0]).toMatchObject({ mailbox: { connected: true, behind: null }, open: 7 });
    expect(remarks).toEqual([expect.stringContaining(`${OFFICE}: how much mail waits there is not known.`)]);
  });

  test('counts everything as waiting when the server numbers its mail anew, or nobody has looked yet', async () => {
    const renumbered = mailboxWith(5);
    renumbered.changeUidValidity('INBOX');
    expect((await ask({}, renumbered)).status.inboxes[0]?.mailbox.behind).toBe(5);
    const { status, remarks } = await ask({ folders: [], inboxes: new Map() }, mailboxWith(4));
    expect(status.inboxes[0]).toEqual({
      address: OFFICE,
      mailbox: { connected: false, lastUid: 0, behind: 4, reconciled: null, junk: null },
      canary: null,
      open: 0,
      unaccepted: 0,
      overdue: 0,
    });
    expect(remarks).toEqual([`${OFFICE}: the folder Sent is not being read.`]);
  });

  test('is a calm table for a person', async () => {
    const { status } = await ask({}, mailboxWith(5));
    expect(inWords(status, READER)).toBe(
      [
        'Inbox               Mail     Waiting  Open  Unaccepted  Overdue',
        'office@elm.example  is read        3     7           2        1',
        '',
        'Teammate  Owns  Asked  Mail',
        'priya        5      1  comes back',
        'leah         0      0',
        '',
        'office@elm.example: compared with the server at 10:00, nothing is missing, 2 in all were found that way, 14 have been removed there since.',
        'office@elm.example: 3 in the spam folder "Junk": look whether a customer\'s is among them.',
        'Mail going out: 3 waiting, 0 failed, 2 came back. Set aside for a look: 1.',
        '',
      ].join('\n'),
    );
  });

  test('says how many automatic mails were not sent, each for its reason', async () => {
    const { status } = await ask(
      { outbox: { ...ROWS.outbox, pending: 0, returned: 0, capped: 9, unconfirmed: 2 } },
      mailboxWith(2),
    );
    expect(inWords(status, READER)).toContain(
      '0 came back. Of automatic ones of the last day, 9 held back by the caps; 2 not sent because their customer never got a confirmation.',
    );
  });

  test('begins with what is wrong, and tells how long a mail to itself took', async () => {
    const { status } = await ask({}, mailboxWith(2), {
      outages: {
        open: async () => [
          { kind: 'sending', inboxId: 'office', since: NOW - 9 * MINUTE, code: 'smtp-unreachable' },
          { kind: 'intake', inboxId: 'office', since: NOW - 8 * MINUTE, code: null },
        ],
        look: async () => ({ now: NOW, troubles: [] }),
      },
      canaries: { last: async () => [{ inboxId: 'office', sentAt: NOW - 7 * MINUTE, took: 1.4 * SECOND }] },
    });
    expect(status.outages).toEqual([
      {
        kind: 'sending',
        inbox: OFFICE,
        since: '2026-01-05T09:56:00.000Z',
        code: 'smtp-unreachable',
        server: '127.0.0.1:10026',
        waiting: 3,
      },
      {
        kind: 'intake',
        inbox: OFFICE,
        since: '2026-01-05T09:57:00.000Z',
        code: null,
        server: null,
        waiting: 3,
      },
    ]);
    expect(status.inboxes[0]?.canary).toEqual({ sentAt: '2026-01-05T09:58:00.000Z', tookMs: 1_400 });
    const said = inWords(status, READER).split('\n');
    expect(said.slice(0, 3)).toEqual([
      `NOT WELL: mail of ${OFFICE} has not gone out since 9:56: the mail server cannot be reached (smtp-unreachable, 127.0.0.1:10026). 3 mails wait.`,
      `NOT WELL: the mail of ${OFFICE} has not been read since 9:57.`,
      '',
    ]);
    expect(said).toContain(`${OFFICE}: a mail to itself at 9:58 took 1.4 s to come back.`);
  });

  test('tells at once what a server answered, though nobody has noted yet that it lasts, and nothing twice', async () => {
    const sending = { kind: 'sending', inboxId: 'office', code: 'smtp-login-refused' } as const;
    const troubles: Trouble[] = [
      { ...sending, since: NOW - 9 * SECOND },
      { kind: 'intake', inboxId: 'office', since: null, code: null },
    ];
    const asked = async (noted: OpenOutage[]) => {
      const outages = { open: async () => noted, look: async () => ({ now: NOW, troubles }) };
      return inWords((await ask({}, mailboxWith(2), { outages })).status, READER)
        .split('\n')
        .slice(0, 2);
    };
    expect(await asked([])).toEqual([
      `NOT WELL: mail of ${OFFICE} has not gone out since 10:04: the mail server refuses the login (smtp-login-refused, 127.0.0.1:10026). 3 mails wait.`,
      '',
    ]);
    expect(await asked([{ ...sending, since: NOW - 2 * MINUTE }])).toEqual([
      expect.stringContaining('has not gone out since 10:03:'),
      '',
    ]);
  });

  test('asks the server that sends where nothing is known of it yet, and does not where something is', async () => {
    const inbox = {
      ...{ id: 'office', address: OFFICE, folder: 'INBOX', others: [], reader: memoryMailbox().reader },
      ...{ servers: SERVERS, trySending: async () => ({ code: 'smtp-login-refused' }) },
    };
    const { status } = await ask({}, memoryMailbox(), { inboxes: [inbox] });
    expect(status.outages).toMatchObject([{ kind: 'sending', since: null, code: 'smtp-login-refused' }]);
    expect(inWords(status, READER)).toContain(
      `NOT WELL: mail of ${OFFICE} cannot be sent: the mail server refuses the login (smtp-login-refused, 127.0.0.1:10026).`,
    );
    const sending = {
      kind: 'sending',
      inboxId: 'office',
      since: NOW - MINUTE,
      code: 'smtp-timeout',
    } as const;
    const outages = { open: async () => [sending], look: async () => ({ now: NOW, troubles: [] }) };
    const known = await ask({}, memoryMailbox(), { inboxes: [inbox], outages });
    expect(known.status.outages).toMatchObject([{ code: 'smtp-timeout' }]);
  });
});
