/** Samples of mails about a mail that could not be read. */
import { HOUR } from '../../instant.ts';
import type { NoticeBody } from '../notice.ts';
import type { KindSamples } from './kinds.ts';
import { NOW } from './request.ts';

type Parked = NoticeBody & { readonly kind: 'parked' };
type News = (NoticeBody & { readonly kind: 'parked-news' })['news'];

const parked = (changes: Partial<Parked> = {}): Parked => ({
  kind: 'parked',
  messageId: 1,
  why: 'it has 60 MB; only its header was taken in',
  since: NOW,
  asked: 'new',
  from: null,
  accountable: 'leah',
  times: 1,
  code: 'too-large',
  due: NOW + 4 * HOUR,
  ...changes,
});

const news = (said: News) =>
  ({ kind: 'parked-news', messageId: 1, accountable: 'dana', news: said }) as const;

const danas = { accountable: 'dana', due: null } as const;

export const ParkedSamples = {
  parked: {
    about: 'to the front desk, then to the final manager: a mail could not be read',
    samples: [
      { body: parked(), to: 'leah' },
      { variant: 'again', body: parked({ asked: 'again', times: 2 }), to: 'leah' },
      { variant: 'silent', body: parked({ ...danas, asked: 'silent', from: 'leah' }), to: 'dana' },
      { variant: 'not-reached', body: parked({ ...danas, asked: 'not-reached', from: 'leah' }), to: 'dana' },
      { variant: 'away', body: parked({ accountable: 'sam', asked: 'away', from: 'leah' }), to: 'sam' },
      { variant: 'left', body: parked({ ...danas, asked: 'left', from: 'omar' }), to: 'dana' },
      { variant: 'told', body: parked({ asked: 'told', from: 'leah' }), to: 'sam' },
      { variant: 'reminder', body: parked({ ...danas, asked: 'reminder', times: 2 }), to: 'dana' },
      {
        variant: 'of-a-teammate',
        body: parked({
          code: 'not-carried-out',
          why: 'a teammate wrote it, and carrying it out failed 8 times',
        }),
        to: 'leah',
      },
      {
        variant: 'not-given',
        body: parked({
          code: 'not-given',
          why: 'the mail server does not give it out: it refuses each time it is asked',
        }),
        to: 'leah',
      },
      {
        variant: 'of-which-nothing-could-be-read',
        body: parked({ code: 'reader-died', why: 'reading it failed 8 times' }),
        to: 'leah',
        change: { message: null },
      },
    ],
  },
  'parked-news': {
    about: 'to who was told of a mail that could not be read, or wrote it: what became of it',
    samples: [
      { body: news({ type: 'decided', how: 'dismiss', by: 'dana', where: 'by-mail' }), to: 'leah' },
      {
        variant: 'made-a-request',
        body: news({ type: 'decided', how: 'request', by: 'dana', where: 'by-mail' }),
        to: 'leah',
      },
      {
        variant: 'read-again',
        body: news({ type: 'decided', how: 'retry', by: 'dana', where: 'by-mail' }),
        to: 'leah',
      },
      {
        variant: 'decided-at-the-server',
        body: news({ type: 'decided', how: 'dismiss', by: 'dana', where: 'at-the-server' }),
        to: 'leah',
      },
      {
        variant: 'decided-in-your-name',
        body: news({ type: 'decided', how: 'retry', by: 'dana', where: 'at-the-server' }),
        to: 'dana',
      },
      { variant: 'moved-up', body: news({ type: 'moved-up', to: 'dana' }), to: 'leah' },
      { variant: 'not-reached', body: news({ type: 'not-reached', member: 'sam' }), to: 'dana' },
      { variant: 'not-carried-out', body: news({ type: 'not-carried-out' }), to: 'priya' },
    ],
  },
} as const satisfies { readonly [K in 'parked' | 'parked-news']: KindSamples<K> };
