/** The checker of `npm run chaos` is believed because it turns red: each thing that it is there to find is planted. */
import { describe, expect, test } from 'vitest';
import { type Broken, check, type Injections } from '../chaos/faults/check.ts';
import { asServed } from '../chaos/faults/maildrop.ts';
import type { Injected, MailClass } from '../chaos/faults/manifest.ts';
import { leaksIn, type Notice, type Observed, type Row } from '../chaos/faults/observed.ts';
import { unseen } from '../chaos/faults/readiness.ts';

const mail = (number: number, className: MailClass, changes: Partial<Injected> = {}): Injected => ({
  number,
  class: className,
  variant: 'as ever',
  file: `file-${number}`,
  hash: `hash-${number}`,
  messageId: `letter-${number}@tenant.example`,
  from: `customer${number}@tenant.example`,
  at: 1_000 * number,
  member: null,
  atRisk: false,
  ...changes,
});

const row = (id: number, changes: Partial<Row> = {}): Row => ({
  id,
  rawHash: `hash-${id}`,
  messageId: `letter-${id}@tenant.example`,
  stage: 'settled',
  disposition: 'request',
  reasonCode: 'request',
  conversationId: 1_000 + id,
  copyOf: null,
  ...changes,
});

const notice = (id: number, kind: string, conversationId: number, changes: Partial<Notice> = {}): Notice => ({
  ...{ id, kind, conversationId, key: `key${id}`, state: 'sent', code: 'accepted' },
  ...{ receiptOf: null, uncertain: 0, tries: 1 },
  ...changes,
});

const sunk = (
  id: number,
  kind: string,
  envelopeTo: string,
  changes: Partial<Observed['sunk'][number]> = {},
) => ({
  ...{
    file: `mail.${id}`,
    messageId: `key${id}@elm.example`,
    kind,
    envelopeTo,
    replyTo: 'office@elm.example',
  },
  ...{ subject: 'Tap', references: [], at: 5_000, hash: `sent-${id}` },
  ...changes,
});

type World = { readonly injections: Injections; readonly observed: Observed };

/** Two customers, a member's order, a forged one, and a machine: all is as it should be. */
const HEALTHY: World = {
  injections: {
    mails: [
      mail(1, 'request'),
      mail(2, 'request'),
      mail(3, 'order', { from: 'sam@team.example', member: 'sam' }),
      mail(4, 'forged', { from: 'mallory4@stranger.example' }),
      mail(5, 'robot', { from: 'away5@robots.example' }),
      mail(6, 'request', { atRisk: true }),
    ],
    flags: new Map([['file-1', new Set(['\\Seen'])]]),
  },
  observed: {
    rows: [
      row(1),
      row(2),
      row(3, { disposition: 'command', conversationId: 1_001 }),
      row(4, { disposition: 'follow-up', conversationId: 1_001 }),
      row(5, { disposition: 'auto-reply', conversationId: null }),
      // After a change of UIDVALIDITY.
      row(7, { rawHash: 'hash-1', disposition: 'duplicate', copyOf: 1 }),
    ],
    requests: [
      { id: 1_001, openedBy: 1, customer: 'customer1@tenant.example' },
      { id: 1_002, openedBy: 2, customer: 'customer2@tenant.example' },
    ],
    notices: [
      notice(1, 'acknowledgement', 1_001),
      notice(2, 'acknowledgement', 1_002, { uncertain: 1, tries: 2 }),
      notice(3, 'receipt', 1_001, { receiptOf: 3 }),
    ],
    ledger: [
      { conversationId: 1_001, from: 10, until: 20, member: 'leah' },
      { conversationId: 1_001, from: 20, until: null, member: 'sam' },
      { conversationId: 1_002, from: 15, until: null, member: 'leah' },
    ],
    sunk: [
      sunk(1, 'acknowledgement', 'customer1@tenant.example'),
      sunk(2, 'acknowledgement', 'customer2@tenant.example'),
      sunk(2, 'acknowledgement', 'customer2@tenant.example', { file: 'mail.2b' }),
      sunk(3, 'receipt', 'sam@team.example'),
    ],
    lying: [
      { file: 'file-1', flags: 'S', hash: 'hash-1' },
      { file: 'file-2', flags: '', hash: 'hash-2' },
    ],
    leaks: [],
  },
};

const seen = (change: Partial<Observed>, injections: Partial<Injections> = {}): string[] =>
  check({ ...HEALTHY.injections, ...injections }, { ...HEALTHY.observed, ...change }).map(told);
const told = ({ invariant, what }: Broken): string => `${invariant} ${what}`;
const { rows, notices, sunk: mails, ledger, requests, lying } = HEALTHY.observed;
const without = <Thing>(things: readonly Thing[], isGone: (thing: Thing) => boolean): Thing[] =>
  things.filter((thing) => !isGone(thing));

describe('what was really sent in, compared with what there is afterwards', () => {
  test('is right where nothing is wrong, with a lost 250, a change of UIDVALIDITY and a mail that was deleted unseen', () => {
    expect(seen({})).toEqual([]);
  });

  const planted: readonly (readonly [string, () => string[], string])[] = [
    ['a mail row lost', () => seen({ rows: without(rows, ({ id }) => id === 2) }), 'I1 mails without a row'],
    [
      'a mail that nobody took away and is said to be at risk',
      () => seen({ lying: [...lying, { file: 'file-6', flags: '', hash: 'hash-6' }] }),
      'I1 mails without a row',
    ],
    [
      'a second row that is no copy',
      () => seen({ rows: [...rows, row(8, { rawHash: 'hash-2' })] }),
      'I1 mails of which several rows are no copies of another',
    ],
    ['a row of nobody', () => seen({ rows: [...rows, row(9)] }), 'I1 rows of mails that nobody wrote'],
    [
      'a mail that is not settled',
      () =>
        seen({
          rows: [...without(rows, ({ id }) => id === 5), row(5, { stage: 'stored', disposition: null })],
        }),
      'I15 mails that came to no end',
    ],
    [
      'a request lost',
      () => seen({ requests: without(requests, ({ id }) => id === 1_002) }),
      'I2 mails of new customers that are in no request of theirs',
    ],
    [
      'an outbox row deleted',
      () => seen({ notices: without(notices, ({ id }) => id === 2) }),
      'I4 customers without a confirmation, and no record of why',
    ],
    [
      'an outbox row deleted, whose mail came',
      () => seen({ notices: without(notices, ({ id }) => id === 3) }),
      'I5 mails that belong to no notice',
    ],
    [
      'a confirmation that never came',
      () => seen({ sunk: without(mails, ({ envelopeTo }) => envelopeTo.startsWith('customer1')) }),
      'I5 notices that were sent and never came',
    ],
    [
      'a second confirmation under a name of its own',
      () =>
        seen({
          notices: [...notices, notice(9, 'acknowledgement', 1_001)],
          sunk: [...mails, sunk(9, 'acknowledgement', 'customer1@tenant.example')],
        }),
      'I4 customers who wrote once and got several confirmations',
    ],
    [
      'a copy that no lost answer explains',
      () => seen({ sunk: [...mails, sunk(1, 'acknowledgement', 'customer1@tenant.example')] }),
      'I6 copies that differ, or are more than tries whose outcome is unknown explain',
    ],
    [
      'a copy with other words',
      () =>
        seen({
          sunk: [
            ...without(mails, ({ file }) => file === 'mail.2b'),
            sunk(2, 'acknowledgement', 'customer2@tenant.example', { hash: 'other' }),
          ],
        }),
      'I6 copies that differ, or are more than tries whose outcome is unknown explain',
    ],
    [
      "a member's order taken for a stranger's",
      () => seen({ rows: [...without(rows, ({ id }) => id === 3), row(3, { disposition: 'follow-up' })] }),
      'I7 orders of members that did not count as theirs',
    ],
    [
      'a receipt forgotten',
      () =>
        seen({
          notices: without(notices, ({ id }) => id === 3),
          sunk: without(mails, ({ kind }) => kind === 'receipt'),
        }),
      'I7 orders of members that got no receipt',
    ],
    [
      'a forged order that counted',
      () => seen({ rows: [...without(rows, ({ id }) => id === 4), row(4, { disposition: 'command' })] }),
      'I7 forged orders that counted',
    ],
    [
      'a mail to an attacker',
      () =>
        seen({
          notices: [...notices, notice(9, 'receipt', 1_001)],
          sunk: [...mails, sunk(9, 'receipt', 'mallory4@stranger.example')],
        }),
      'I7 mails to an attacker',
    ],
    [
      "a machine's request",
      () =>
        seen({
          requests: [...requests, { id: 1_005, openedBy: 5, customer: 'away5@robots.example' }],
          ledger: [...ledger, { conversationId: 1_005, from: 1, until: null, member: 'leah' }],
        }),
      'I2 mails of machines that opened a request',
    ],
    [
      'an answer to a machine',
      () =>
        seen({
          notices: [...notices, notice(9, 'acknowledgement', 1_005)],
          sunk: [...mails, sunk(9, 'acknowledgement', 'away5@robots.example')],
        }),
      'I11 mails to machines that answer',
    ],
    [
      'a moment in which nobody answered',
      () => seen({ ledger: ledger.map((span) => (span.from === 20 ? { ...span, from: 21 } : span)) }),
      'I3 requests for which nobody answered for a while, or two did',
    ],
    [
      'two who answered at once',
      () => seen({ ledger: ledger.map((span) => (span.until === 20 ? { ...span, until: 25 } : span)) }),
      'I3 requests for which nobody answered for a while, or two did',
    ],
    [
      'a flag that Baton set',
      () => seen({ lying: lying.map((one) => ({ ...one, flags: 'S' })) }),
      'I12 flags that no person set',
    ],
    [
      'a mail that Baton put into the mailbox',
      () => seen({ lying: [...lying, { file: 'other', flags: '', hash: 'other' }] }),
      'I12 mails in the mailbox that nobody put there',
    ],
    [
      'words of a mail in a log',
      () => seen({ leaks: leaksIn(['{"msg":"cannot parse canary-of-words 7"}'], []) }),
      'I13 words of mails or secrets where they should not be',
    ],
  ];

  test.each(planted)('tells of %s', (_, found, what) => {
    expect(found()).toContain(what);
  });
});

describe('whether /readyz says in time that mail does not flow', () => {
  const away = { kind: 'smtp-away', begunAt: 0, endedAt: 100_000, failed: null } as const;

  test('is asked of long faults that stop it', () => {
    expect(unseen([away], [])).toHaveLength(1);
    expect(unseen([away], [{ at: 95_000, kind: 'mailer', reasons: ['sending'] }])).toHaveLength(1);
    expect(unseen([away], [{ at: 40_000, kind: 'poller', reasons: ['intake'] }])).toHaveLength(1);
    expect(unseen([away], [{ at: 40_000, kind: 'mailer', reasons: ['sending'] }])).toEqual([]);
  });

  test('is not asked of short ones', () => {
    expect(
      unseen(
        [
          { ...away, endedAt: 50_000 },
          { ...away, kind: 'redis-hangs' },
        ],
        [],
      ),
    ).toEqual([]);
  });
});

test('bytes are compared as a server gives them out: no NUL, and CRLF at each end of a line', () => {
  const served = asServed(Buffer.from('one\ntwo\r\nthree\0\rfour', 'latin1'));
  expect(Buffer.from(served).toString('latin1')).toBe('one\r\ntwo\r\nthree\x80\rfour');
});
