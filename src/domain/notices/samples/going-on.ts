/** Samples of the mails to members while somebody has a request: answers kept back, clocks, help, what was put together. */
import { DAY } from '../../instant.ts';
import type { KindSamples } from './kinds.ts';
import { ACCEPT_BY, NOW } from './request.ts';

const joe = { type: 'contact', contact: 'joe' } as const;
const sam = { type: 'member', member: 'sam' } as const;

export const GoingOnSamples = {
  'answered-directly': {
    about: 'to who has it or is asked: somebody answered the customer without Baton',
    samples: [{ body: { kind: 'answered-directly', messageId: 1, by: 'sam' }, to: 'priya' }],
  },
  'is-it-yours': {
    about: 'to a member who answered directly: is it yours now?',
    samples: [{ body: { kind: 'is-it-yours', messageId: 1 }, to: 'sam' }],
  },
  held: {
    about: 'to the owner: a colleague wrote to the customer; it waits for your word',
    samples: [{ body: { kind: 'held', by: 'sam', text: 'proposal', why: 'not-owner' }, how: 'waiting' }],
  },
  released: {
    about: 'to a member: a colleague let your answer go out',
    samples: [{ body: { kind: 'released', by: 'priya', text: 'proposal' }, to: 'sam', how: 'owned' }],
  },
  'answer-due': {
    about: 'to who owns or answers for it: an answer is due',
    samples: [
      {
        body: { kind: 'answer-due', answerBy: ACCEPT_BY, missed: false, toldCustomer: null },
        how: 'owned',
      },
      {
        variant: 'missed',
        body: { kind: 'answer-due', answerBy: NOW, missed: true, toldCustomer: ACCEPT_BY },
        how: 'owned',
      },
      {
        variant: 'asked',
        body: { kind: 'answer-due', answerBy: ACCEPT_BY, missed: false, toldCustomer: null },
        to: 'dana',
        how: 'unaccepted',
      },
    ],
  },
  'no-progress': {
    about: 'to the owner: you have said nothing about this for long',
    samples: [
      {
        body: { kind: 'no-progress', since: NOW - 2 * DAY, overdue: null, asked: null },
        how: 'owned',
      },
      {
        variant: 'overdue',
        body: { kind: 'no-progress', since: NOW - 2 * DAY, overdue: NOW - DAY, asked: null },
        how: 'owned',
      },
      {
        variant: 'asked-another',
        body: { kind: 'no-progress', since: NOW - 2 * DAY, overdue: null, asked: 'sam' },
        how: 'owned',
      },
    ],
  },
  'due-reached': {
    about: 'to the owner: the date that was set has come',
    samples: [{ body: { kind: 'due-reached', due: NOW }, how: 'waiting' }],
  },
  'snooze-ended': {
    about: 'to the owner: what was laid aside is to be looked at again',
    samples: [{ body: { kind: 'snooze-ended', why: 'time', note: 'note' }, how: 'waiting' }],
  },
  nudged: {
    about: 'to whoever it waits for: a colleague asks how it is going',
    samples: [{ body: { kind: 'nudged', by: 'dana' }, how: 'owned' }],
  },
  'help-asked': {
    about: 'to a member: a colleague asks for your help',
    samples: [
      {
        body: { kind: 'help-asked', by: 'priya', text: 'question', help: 9, reminder: false },
        to: 'sam',
        how: 'owned',
      },
      {
        variant: 'reminder',
        body: { kind: 'help-asked', by: 'priya', text: 'question', help: 9, reminder: true },
        to: 'sam',
        how: 'owned',
      },
    ],
  },
  'help-answered': {
    about: 'to who asked: what the helper says',
    samples: [
      {
        body: { kind: 'help-answered', of: sam, help: 9, messageId: 9, text: 'answer' },
        how: 'waiting',
      },
      {
        variant: 'from-outside',
        body: { kind: 'help-answered', of: joe, help: 9, messageId: 9, text: null },
        how: 'waiting',
      },
    ],
  },
  'help-silent': {
    about: 'to who asked: the helper does not answer',
    samples: [
      { body: { kind: 'help-silent', of: joe, text: 'question', asked: NOW - DAY }, how: 'owned' },
      {
        variant: 'member',
        body: { kind: 'help-silent', of: sam, text: 'question', asked: NOW - DAY },
        how: 'owned',
      },
    ],
  },
  'for-whom': {
    about: 'to a member who passed on a mail: whose request is it?',
    samples: [
      { body: { kind: 'for-whom', messageId: 9 }, passedOn: 'unknown' },
      { variant: 'known', body: { kind: 'for-whom', messageId: 9 }, passedOn: 'known' },
    ],
  },
  merged: {
    about: 'to who answers for it: another request became a part of it',
    samples: [{ body: { kind: 'merged', by: 'dana', from: 1017 }, how: 'owned' }],
  },
  'also-came': {
    about: 'to the front desk of another inbox that the mail was addressed to: whose it is',
    samples: [{ body: { kind: 'also-came', inbox: 'billing', messageId: 1 }, to: 'sam', how: 'owned' }],
  },
} as const satisfies { readonly [kind: string]: KindSamples };
