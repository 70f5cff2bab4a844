/** A sample of the mail with which somebody signs in to the board. */
import { LINK_LIFE } from '../../sign-in.ts';
import type { KindSamples } from './kinds.ts';
import { NOW } from './request.ts';

export const SignInSamples = {
  'sign-in': {
    about: 'to a member who asked for it: the link that signs them in to the board',
    samples: [
      {
        body: {
          kind: 'sign-in',
          link: 'a',
          board: 'https://baton.elm.example',
          askedAt: NOW,
          expiresAt: NOW + LINK_LIFE,
        },
        change: {
          signIn: { url: `https://baton.elm.example/sign-in/${'a1B2-'.repeat(8)}xyz`, from: '203.0.113.9' },
        },
      },
    ],
  },
} as const satisfies { readonly 'sign-in': KindSamples<'sign-in'> };
