/** Samples of the look back as a mail. */
import { DAY } from '../../instant.ts';
import type { NoticeBody } from '../notice.ts';
import type { KindSamples } from './kinds.ts';
import { NOW } from './request.ts';

type LookBack = NoticeBody & { readonly kind: 'look-back' };

const Body: LookBack = {
  kind: 'look-back',
  lookBack: 1,
  days: 30,
  figures: { requests: 412, neverAnswered: 9, waiting: 14, fresh: 2, twice: 31, overTwoDays: 17 },
  waiting: [
    { messageId: 1, since: NOW - 12 * DAY },
    { messageId: 2, since: NOW - 9 * DAY },
    { messageId: 3, since: NOW - 3 * DAY },
  ],
  until: NOW,
};

export const LookBackSamples = {
  'look-back': {
    about: 'to the final manager, when somebody had it sent: who never got an answer before',
    samples: [
      { body: Body, to: 'dana' },
      {
        variant: 'nobody-waits',
        body: {
          ...Body,
          figures: { ...Body.figures, neverAnswered: 0, waiting: 0, fresh: 0, twice: 0, overTwoDays: 0 },
          waiting: [],
        },
        to: 'dana',
      },
    ],
  },
} as const satisfies { readonly [kind: string]: KindSamples };
