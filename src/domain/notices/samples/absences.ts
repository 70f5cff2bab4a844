/** Samples of the mails about who is away and who stands in. */
import { DAY } from '../../instant.ts';
import type { KindSamples } from './kinds.ts';
import { BACK_ON, NOW } from './request.ts';

export const AbsenceSamples = {
  'cover-asked': {
    about: 'to a member: can you stand in for a colleague?',
    samples: [
      { body: { kind: 'cover-asked', absence: 1, member: 'priya', from: NOW, until: BACK_ON }, to: 'sam' },
    ],
  },
  'cover-answered': {
    about: 'to a member who is away: whether somebody stands in',
    samples: [
      {
        body: {
          kind: 'cover-answered',
          absence: 1,
          member: 'priya',
          cover: 'sam',
          agreed: true,
          until: BACK_ON,
        },
      },
      {
        variant: 'no',
        body: {
          kind: 'cover-answered',
          absence: 1,
          member: 'priya',
          cover: 'sam',
          agreed: false,
          until: BACK_ON,
        },
      },
    ],
  },
  'absence-told': {
    about: 'to a member: somebody wrote down that you are away, or back',
    samples: [
      { body: { kind: 'absence-told', absence: 1, by: 'dana', from: NOW, until: BACK_ON, over: false } },
      {
        variant: 'later',
        body: { kind: 'absence-told', absence: 1, by: 'dana', from: NOW + DAY, until: BACK_ON, over: false },
      },
      {
        variant: 'over',
        body: { kind: 'absence-told', absence: 1, by: 'dana', from: NOW, until: BACK_ON, over: true },
      },
    ],
  },
} as const satisfies { readonly [kind: string]: KindSamples };
