/** What `status` says where a part of the picture is missing, and how it looks to a person. */
import { describe, expect, test } from 'vitest';
import type { OverviewRows } from '../../src/app/ports/overview.ts';
import { readStatus, type StatusOptions } from '../../src/app/status.ts';
import { inWords } from '../../src/cli/status.ts';
import { memoryMailbox } from '../support/memory-mailbox.ts';

const OFFICE = 'office@elm.example';
const ROWS: OverviewRows = {
  folders: [
    { inboxId: 'office', folder: 'INBOX', uidValidity: '1', lastUid: 2, connected: true },
    { inboxId: 'office', folder: 'Sent', uidValidity: '1', lastUid: 0, connected: true },
  ],
  inboxes: new Map([['office', { open: 7, unaccepted: 2, overdue: 1 }]]),
  members: [{ id: 'priya', owns: 5, offered: 1, unreached: true }],
  outbox: { pending: 3, failed: 0, returned: 2, capped: 0 },
  parked: 1,
  parkedSince: null,
  clocksLate: 0,
};

function ask(changes: Partial<OverviewRows> = {}, mailbox = memoryMailbox()) {
  const options: StatusOptions = {
    overview: { read: async () => ({ ...ROWS, ...changes }) },
    inboxes: [{ id: 'office', address: OFFICE, folder: 'INBOX', others: ['Sent'], reader: mailbox.reader }],
    members: ['leah', 'priya'],
    signal: new AbortController().signal,
  };
  return readStatus(options);
}

function mailboxWith(mails: number) {
  const mailbox = memoryMailbox();
  for (let mail = 0; mail < mails; mail += 1) mailbox.append('INBOX', `Subject: ${mail}\r\n\r\n`);
  return mailbox;
}

describe('the status', () => {
  test('counts the mails beyond the cursor and closes its connection', async () => {
    const mailbox = mailboxWith(5);
    const { status, remarks } = await ask({}, mailbox);
    expect(status).toEqual({
      inboxes: [
        {
          address: OFFICE,
          mailbox: { connected: true, lastUid: 2, behind: 3 },
          open: 7,
          unaccepted: 2,
          overdue: 1,
        },
      ],
      members: [
        { id: 'priya', owns: 5, offered: 1, unreached: true },
        { id: 'leah', owns: 0, offered: 0, unreached: false },
      ],
      outbox: { pending: 3, failed: 0, returned: 2, capped: 0 },
      parked: 1,
      parkedSince: null,
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
      mailbox: { connected: false, lastUid: 0, behind: 4 },
      open: 0,
      unaccepted: 0,
      overdue: 0,
    });
    expect(remarks).toEqual([`${OFFICE}: the folder Sent is not being read.`]);
  });

  test('is a calm table for a person', async () => {
    const { status } = await ask({}, mailboxWith(5));
    expect(inWords(status)).toBe(
      [
        'Inbox               Mail     Waiting  Open  Unaccepted  Overdue',
        'office@elm.example  is read        3     7           2        1',
        '',
        'Teammate  Owns  Asked  Mail',
        'priya        5      1  comes back',
        'leah         0      0',
        '',
        'Mail going out: 3 waiting, 0 failed, 2 came back. Set aside for a look: 1.',
        '',
      ].join('\n'),
    );
  });

  test('says how many automatic mails the caps held back', async () => {
    const { status } = await ask(
      { outbox: { pending: 0, failed: 0, returned: 0, capped: 9 } },
      mailboxWith(2),
    );
    expect(inWords(status)).toContain('0 came back, 9 automatic ones of the last day held back by the caps.');
  });
});
