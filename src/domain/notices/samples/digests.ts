/** Samples of the daily digest: a day on which much is stuck, and one on which nothing is. */
import type { Why } from '../../digest/attention.ts';
import type { Digest, RequestItem } from '../../digest/digest.ts';
import { DAY, HOUR } from '../../instant.ts';
import type { KindSamples } from './kinds.ts';
import { INBOX } from './office.ts';
import { BACK_ON, NOW } from './request.ts';

const item = (
  id: number,
  troubles: readonly (readonly [Why, number])[],
  changes: Partial<RequestItem> = {},
): RequestItem => ({
  type: 'request',
  id,
  inboxId: INBOX,
  troubles: troubles.map(([why, ago]) => ({ why, since: NOW - ago })),
  owner: 'priya',
  accountable: 'priya',
  asked: null,
  suggested: 'sam',
  ...changes,
});

const nobodys = { owner: null, accountable: 'dana', asked: 'dana' } as const;

const Quiet: Digest = {
  date: '2026-03-03',
  inboxes: [INBOX],
  at: NOW,
  since: NOW - DAY,
  needs: 0,
  isMore: false,
  onTrack: 38,
  items: [],
  others: [],
  load: [
    { member: 'priya', open: 14, asked: 0, stuck: 0, awayUntil: null },
    { member: 'sam', open: 11, asked: 1, stuck: 0, awayUntil: null },
    { member: 'leah', open: 9, asked: 0, stuck: 0, awayUntil: null },
    { member: 'luis', open: 4, asked: 0, stuck: 0, awayUntil: BACK_ON },
  ],
  changes: { arrived: 12, finished: 15, reopened: 0 },
  mail: { received: 212, unsettled: 0, unsent: 0, doubtful: 0, junk: 0, outages: [] },
  listed: [],
};

const Busy: Digest = {
  ...Quiet,
  needs: 7,
  onTrack: 33,
  items: [
    item(1042, [['nobody-took', 2 * DAY]], nobodys),
    { type: 'member', member: 'omar', since: NOW - 20 * HOUR, count: 3, code: 'mailbox-full' },
    item(1017, [
      ['answer-late', DAY],
      ['silent', 3 * DAY],
    ]),
    item(1038, [['held', 5 * HOUR]], { owner: 'leah', accountable: 'leah', suggested: 'priya' }),
    { type: 'parked', messageId: 1, inboxId: INBOX, accountable: 'dana', since: NOW - 3 * HOUR },
    item(1044, [['overdue', 2 * DAY]], { owner: 'dana', accountable: 'dana' }),
    item(1021, [['silent', 4 * DAY]], { owner: 'luis', accountable: 'luis' }),
  ],
  load: Quiet.load.map((one) => ({
    ...one,
    stuck: one.member === 'priya' ? 2 : one.member === 'sam' ? 0 : 1,
  })),
  changes: { arrived: 12, finished: 15, reopened: 1 },
  mail: {
    received: 212,
    unsettled: 1,
    unsent: 2,
    doubtful: 1,
    doubtfulIn: [1042],
    junk: 6,
    signInsEnding: [{ inboxId: INBOX, at: NOW + 2 * DAY }],
    outages: [{ kind: 'intake', inboxId: INBOX, since: NOW - 9 * HOUR, until: NOW - 8 * HOUR }],
  },
};

const EveryReason: readonly Why[] = [
  'nobody-took',
  'answer-late',
  'unreached',
  'held',
  'not-taken',
  'overdue',
  'silent',
  'handoff-open',
  'laid-aside',
];

export const DigestSamples = {
  digest: {
    about: 'to a manager, once a day: what needs a decision, and how everything else goes',
    samples: [
      { body: { kind: 'digest', ...Busy }, to: 'dana' },
      { variant: 'quiet', body: { kind: 'digest', ...Quiet }, to: 'dana' },
      {
        variant: 'many',
        body: {
          kind: 'digest',
          ...Busy,
          needs: 26,
          items: EveryReason.map((why, at) =>
            item(1042 + at, [[why, (at + 1) * 9 * HOUR]], {
              ...(why === 'nobody-took' || why === 'not-taken' ? nobodys : null),
              ...(why === 'not-taken' && { accountable: 'leah', asked: 'sam', suggested: null }),
              ...(why === 'handoff-open' && { asked: 'sam' }),
            }),
          ),
          others: Array.from({ length: 17 }, (_, at) => 1060 + at),
        },
        to: 'dana',
      },
      {
        variant: 'mail-does-not-flow',
        body: {
          kind: 'digest',
          ...Quiet,
          load: [],
          mail: {
            ...Quiet.mail,
            outages: [{ kind: 'sending', inboxId: INBOX, since: NOW - HOUR, until: null }],
          },
        },
        to: 'dana',
      },
    ],
  },
} as const satisfies { readonly [kind: string]: KindSamples };
