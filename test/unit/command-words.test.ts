/** What commands that look tell people at 80 and 120 columns, and programs as JSON. */
import { describe, expect, it } from 'vitest';
import { peopleNow } from '../../src/app/people-now.ts';
import type { OutboxLine } from '../../src/app/ports/outbox-list.ts';
import type { RequestLine } from '../../src/app/ports/requests.ts';
import { isSought, pretty } from '../../src/cli/log-lines.ts';
import * as outbox from '../../src/cli/outbox.ts';
import * as people from '../../src/cli/people.ts';
import { inWords, toJson } from '../../src/cli/requests-words.ts';
import { PLAIN } from '../../src/cli/terminal.ts';
import { fromIso, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { testPolicy } from '../support/policy.ts';

const NOW = fromIso('2026-03-03T12:00:00Z');
const NAMES: Readonly<Record<string, string>> = {
  priya: 'Priya Nair',
  leah: 'Leah Stein',
  dana: 'Dana Wolfe',
};
const reader = (columns: number | null) => ({
  ...{ now: NOW, timeZone: 'UTC', terminal: { columns, paint: PLAIN } },
  nameOf: (id: string) => NAMES[id] ?? id,
});

const LINE: RequestLine = {
  ...{ id: 1042, inboxId: 'maintenance', subject: 'Water comes through the ceiling of the bathroom' },
  customer: { name: 'Carla Ruiz', address: 'carla@tenant.example' },
  ...{ phase: 'owned', accountable: 'priya', since: NOW - 3 * HOUR, owner: 'priya', asked: 'dana' },
  ...{ priority: 'urgent', category: 'leak', openedAt: NOW - 4 * HOUR, lastEventAt: NOW - 5 * MINUTE },
  ...{ dueAt: null, stuck: { why: 'answer-late', since: NOW - 2 * HOUR } },
};
const FRESH: RequestLine = {
  ...LINE,
  ...{
    id: 1043,
    subject: 'Bins\u001b[31m \u202e',
    phase: 'offered',
    accountable: 'leah',
    owner: null,
    asked: 'priya',
  },
  ...{ priority: 'normal', stuck: null, customer: { name: '', address: 'x@y.example' } },
};
const COUNTS = { open: 2, unowned: 1, stuck: 1, byMember: [], byInbox: [] };
const told = (requests: readonly RequestLine[]) => ({
  list: { requests, next: null },
  counts: COUNTS,
  question: { sight: null, show: 'open', order: 'stuck', limit: 30 } as const,
});

describe('baton requests', () => {
  it('leaves out at 80 columns what can wait', () => {
    expect(inWords(told([LINE, FRESH]), reader(80))).toEqual([
      'Request  Subject             Answers for it  Asked       Since  Stuck',
      '#1042 !  Water comes throu…  Priya Nair      Dana Wolfe  9:00   answer late, 2\u00a0h',
      '#1043    Bins\\x1b[31m \\u20…  Leah Stein *    Priya Nair  9:00',
      '* nobody has said yet that it is theirs',
      '',
      '2 open in all, 1 of them taken by nobody yet, 1 stuck.',
    ]);
  });

  it('has room for everything at 120', () => {
    expect(inWords(told([LINE]), reader(120)).slice(0, 2)).toEqual([
      'Request  Subject                                  Customer    Answers for it  Asked       Since  Last   Stuck',
      '#1042 !  Water comes through the ceiling of the…  Carla Ruiz  Priya Nair      Dana Wolfe  9:00   11:55  answer late, 2\u00a0h',
    ]);
  });

  it('says so where there is none', () => {
    expect(inWords(told([]), reader(80))[0]).toBe('No such request is open.');
  });

  it('answers programs with dates and addresses as everywhere', () => {
    expect(toJson({ requests: [LINE], next: 'place' }, COUNTS, NOW)).toEqual({
      now: '2026-03-03T12:00:00.000Z',
      requests: [
        {
          ...{
            id: 1042,
            inbox: 'maintenance',
            subject: LINE.subject,
            customer: LINE.customer,
            phase: 'owned',
          },
          ...{ accountable: 'priya', since: '2026-03-03T09:00:00.000Z', owner: 'priya', asked: 'dana' },
          ...{ priority: 'urgent', category: 'leak', openedAt: '2026-03-03T08:00:00.000Z' },
          ...{ lastEventAt: '2026-03-03T11:55:00.000Z', dueAt: null },
          stuck: { why: 'answer-late', since: '2026-03-03T10:00:00.000Z' },
        },
      ],
      next: 'place',
      counts: { open: 2, unowned: 1, stuck: 1 },
    });
  });
});

describe('baton people', () => {
  const policy = testPolicy();
  const row = {
    hasLeft: false,
    answersFor: 3,
    owns: 2,
    asked: 1,
    stuck: 1,
    lastOrderAt: NOW,
    unreachedSince: null,
  };
  const absence = {
    id: 1,
    member: 'priya',
    from: NOW - HOUR,
    until: NOW + 30 * HOUR,
    by: 'priya',
    endedAt: null,
  };
  const now = peopleNow(
    policy,
    [
      { id: 'priya', ...row },
      { id: 'gone', ...row, hasLeft: true },
    ],
    [{ ...absence, cover: { member: 'sam', answer: 'agreed' } }],
    NOW,
  );

  it('tells whose place somebody takes, who has left with something in hand, and whom nobody heard of', () => {
    const of = (id: string) => now.find((one) => one.id === id);
    expect(of('priya')).toMatchObject({ coveredBy: 'sam', mail: 'ready', answersFor: 3 });
    expect(of('sam')).toMatchObject({ covers: ['priya'], mail: 'unheard', answersFor: 0 });
    expect(of('gone')).toMatchObject({ hasLeft: true, manages: [], isWorking: false });
  });

  it('fits 80 columns, and answers programs with the same', () => {
    const lines = people.inWords(now, reader(80));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(lines.at(-1)).toMatch(/^1 of \d+ are ready\.$/);
    expect(now.map(people.toJson).find(({ id }) => id === 'priya')).toMatchObject({
      ...{ left: false, lastOrderAt: '2026-03-03T12:00:00.000Z', unreachedSince: null, mail: 'ready' },
    });
  });
});

describe('baton outbox', () => {
  const line: OutboxLine = {
    ...{
      id: 7,
      part: 'pending',
      kind: 'offer',
      inboxId: 'maintenance',
      conversationId: 1042,
      member: 'priya',
    },
    ...{
      recipient: 'priya@elm.example',
      createdAt: NOW - HOUR,
      tries: 2,
      nextTryAt: NOW + HOUR,
      endedAt: null,
    },
    ...{ code: 'smtp-451', brake: null, returned: null },
  };
  const counts = {
    pending: 1,
    failed: 0,
    returned: 1,
    capped: 0,
    unconfirmed: 2,
    repeated: 0,
    retrying: 1,
    nextTryAt: NOW + HOUR,
  };

  it('says why in words, and when the next try is', () => {
    const back: OutboxLine = {
      ...{ ...line, part: 'returned', member: null, code: 'accepted', nextTryAt: null, endedAt: NOW },
      returned: { permanent: true, status: '5.1.1', reason: 'user-unknown' },
    };
    expect(outbox.inWords([line, back], counts, reader(null))).toEqual([
      'Mail  State     To                 About                     Tries  When   Why',
      '   7  retrying  Priya Nair         #1042 can you take this?      2  13:00  the mail server put it off (451)',
      '   7  returned  priya@elm.example  #1042 can you take this?      2  12:00  the address does not exist (5.1.1)',
      '',
      '1 pending (1 tried in vain so far), 0 failed, 1 came back.',
      'Of automatic mail within a week: 2 not sent because their customer never got a confirmation.',
    ]);
    expect(outbox.toJson([line], counts)).toMatchObject({
      counts: { pending: 1, retrying: 1, nextTryAt: '2026-03-03T13:00:00.000Z' },
      mails: [
        {
          id: 7,
          part: 'pending',
          request: 1042,
          code: 'smtp-451',
          reason: 'the mail server put it off (451)',
        },
      ],
    });
  });
});

describe('baton logs', () => {
  const entry = (fields: object) =>
    JSON.stringify({ level: 40, time: '2026-03-03T12:00:00.000Z', ...fields });
  const all = { level: 'debug', step: null, request: null } as const;

  it('shows a line with when, how grave, which step and the rest', () => {
    expect(
      pretty(
        entry({ step: 'deliver', notice: 7, code: 'smtp-451', msg: 'a notice could not be sent' }),
        PLAIN,
      ),
    ).toBe('2026-03-03 12:00:00.000 WARN  deliver    a notice could not be sent notice=7 code=smtp-451');
  });

  it('lets nothing in a line steer a terminal, log or not', () => {
    expect(pretty(entry({ msg: 'x\u001b[2J', detail: '\u001b]0;y\u0007' }), PLAIN)).not.toMatch(
      /[\u001b\u0007]/,
    );
    expect(pretty('Error: \u001b[2J', PLAIN)).toBe('Error: \\x1b[2J');
  });

  it('shows what is sought: by level, step and request', () => {
    const line = entry({ step: 'route', conversations: [1041, 1042], msg: 'a batch failed' });
    expect(isSought(line, { ...all, level: 'warn', step: 'route', request: 1042 })).toBe(true);
    expect(isSought(line, { ...all, level: 'error' })).toBe(false);
    expect(isSought(line, { ...all, step: 'deliver' })).toBe(false);
    expect(isSought(line, { ...all, request: 104 })).toBe(false);
    expect(isSought('    at start (file.ts:1)', all)).toBe(true);
    expect(isSought('    at start (file.ts:1)', { ...all, request: 1042 })).toBe(false);
  });
});
