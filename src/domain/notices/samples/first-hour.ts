/** Samples of the mails of the first days. */
import type { KindSamples } from './kinds.ts';

const nothing = { items: [], more: 0, outside: 0, members: 0, listed: [] } as const;
const items = [
  { conversationId: 1042, asked: ['priya', 'sam'] },
  { conversationId: 1043, asked: [] },
] as const;
const listed = [{ conversationId: 1042, shown: 2, answered: 0, epoch: 1 }] as const;

export const FirstHourSamples = {
  welcome: {
    about: 'to a new member: what will happen, and one word to answer with',
    samples: [{ body: { kind: 'welcome', by: 'dana', again: 0 } }],
  },
  shadow: {
    about: 'to a manager, while Baton only looks on: whom it would have asked',
    samples: [
      {
        body: { kind: 'shadow', ended: false, items, more: 3, outside: 6, members: 9, listed },
        to: 'dana',
      },
      { variant: 'quiet', body: { kind: 'shadow', ended: false, ...nothing }, to: 'dana' },
      {
        variant: 'ended',
        body: { kind: 'shadow', ended: true, items, more: 0, outside: 6, members: 9, listed },
        to: 'dana',
      },
      { variant: 'ended-quiet', body: { kind: 'shadow', ended: true, ...nothing }, to: 'dana' },
    ],
  },
} as const satisfies { readonly [kind: string]: KindSamples };
