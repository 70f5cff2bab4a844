/** Samples of the weekly report: one that went worse and better, the first one ever, and a quiet week. */
import { DAY, HOUR, MINUTE } from '../../instant.ts';
import type { Figures, Times } from '../../weekly-report/figures.ts';
import type { WeekFigures, WeeklyReport } from '../../weekly-report/report.ts';
import type { KindSamples } from './kinds.ts';
import { INBOX } from './office.ts';
import { NOW } from './request.ts';

const times = (count: number, half: number, most: number, waiting = 0, overMost = false): Times => ({
  count,
  waiting,
  half: count === 0 ? null : { within: half * MINUTE, over: false },
  most: count < 5 ? null : { within: most * MINUTE, over: overMost },
});

const None: Figures = {
  requests: 0,
  accept: times(0, 0, 0),
  answer: times(0, 0, 0),
  unanswered: 0,
  done: times(0, 0, 0),
  hands: { never: 0, once: 0, often: 0, sum: 0 },
};

const Week: Figures = {
  requests: 64,
  accept: times(64, 22, 125, 2),
  answer: times(58, 190, 610, 5),
  unanswered: 4,
  done: times(64, 425, 1860, 19, true),
  hands: { never: 49, once: 12, often: 3, sum: 19 },
};

const Before: Figures = {
  requests: 231,
  accept: times(231, 31, 110, 3),
  answer: times(214, 125, 560, 11),
  unanswered: 9,
  done: times(231, 440, 1715, 70),
  hands: { never: 190, once: 36, often: 5, sum: 46 },
};

const group = (requests: number, accept: number, answer: number, done: number): Figures => ({
  ...Week,
  requests,
  accept: times(requests, accept, accept * 4),
  answer: times(requests, answer, answer * 3),
  done: times(requests, done, done * 3),
  hands: { never: requests - 1, once: 1, often: 0, sum: 1 },
});

const week = (ago: number, requests: number, answer: number): WeekFigures => ({
  from: NOW - (ago + 1) * 7 * DAY,
  until: NOW - ago * 7 * DAY,
  finished: requests - 3,
  reopened: ago === 0 ? 3 : 1,
  open: 38 - 5 * ago,
  requests,
  accept: times(requests, 22 + ago, 110),
  answer: times(requests, answer, answer * 3),
  done: times(requests, 430, 1800),
});

const Usual: WeeklyReport = {
  date: '2026-03-02',
  at: NOW,
  inboxes: [INBOX],
  weeks: [week(4, 61, 118), week(3, 55, 131), week(2, 52, 104), week(1, 63, 142), week(0, 64, 190)],
  compared: 4,
  all: { week: Week, before: Before },
  urgent: {
    week: { ...group(7, 6, 25, 160), requests: 7 },
    before: group(20, 5, 30, 170),
  },
  teams: [
    {
      id: 'Repairs',
      week: group(41, 18, 205, 410),
      before: group(150, 30, 120, 420),
      escalations: { week: 12, before: 30 },
    },
    {
      id: null,
      week: group(23, 35, 150, 500),
      before: group(81, 34, 140, 480),
      escalations: { week: 5, before: 14 },
    },
  ],
  categories: [
    {
      id: 'repair',
      week: group(36, 16, 215, 400),
      before: group(140, 28, 125, 400),
      escalations: { week: 11, before: 28 },
    },
    {
      id: 'deposit',
      week: group(19, 40, 130, 640),
      before: group(60, 36, 150, 560),
      escalations: { week: 4, before: 12 },
    },
    {
      id: null,
      week: group(9, 25, 90, 130),
      before: group(31, 24, 95, 120),
      escalations: { week: 2, before: 4 },
    },
  ],
  causes: [
    { cause: 'no-answer', week: 9, before: 24 },
    { cause: 'declined', week: 5, before: 15 },
    { cause: 'owner-silent', week: 2, before: 4 },
    { cause: 'absent', week: 1, before: 1 },
  ],
  last: { week: 2, before: 3 },
  learned: { mode: 'assign', sure: 31, right: 26, wrong: 1, lowered: null, failedAt: null },
};

const First: WeeklyReport = {
  ...Usual,
  compared: 0,
  weeks: Usual.weeks.map((one, index) => (index < 4 ? { ...week(4 - index, 0, 0), open: 0 } : one)),
  all: {
    week: { ...Week, done: { ...Week.done, half: { within: 31 * HOUR, over: true }, most: null } },
    before: None,
  },
  urgent: null,
  teams: [],
  categories: [],
  causes: [],
  last: { week: 0, before: 0 },
  learned: {
    ...{ mode: 'assign', sure: 12, right: 4, wrong: 6 },
    lowered: { since: NOW - 2 * DAY, categories: ['repair'], counts: { right: 4, wrong: 6 } },
    failedAt: null,
  },
};

export const WeeklyReportSamples = {
  'weekly-report': {
    about: 'to a manager, once a week: how long people waited, against the weeks before',
    samples: [
      { body: { kind: 'weekly-report', ...Usual }, to: 'dana' },
      {
        variant: 'as-before',
        body: {
          kind: 'weekly-report',
          ...Usual,
          all: { week: Week, before: { ...Week, requests: 240 } },
          urgent: null,
        },
        to: 'dana',
      },
      { variant: 'first', body: { kind: 'weekly-report', ...First }, to: 'dana' },
      {
        variant: 'quiet',
        body: {
          kind: 'weekly-report',
          ...First,
          compared: 4,
          all: { week: None, before: Before },
          weeks: Usual.weeks.map((one, index) =>
            index === 4 ? { ...week(0, 0, 0), finished: 4, open: 29 } : one,
          ),
        },
        to: 'dana',
      },
    ],
  },
} as const satisfies { readonly [kind: string]: KindSamples };
