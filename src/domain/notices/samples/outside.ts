/** Samples of the mails that leave the team: to the customer, to whoever is in copy, to somebody asked for help. */
import type { KindSamples } from './kinds.ts';
import { ACCEPT_BY } from './request.ts';

export const OutsideSamples = {
  acknowledgement: {
    about: 'to the customer: we have your message',
    samples: [
      { body: { kind: 'acknowledgement', answerBy: ACCEPT_BY }, to: 'customer' },
      {
        variant: 'echo',
        body: { kind: 'acknowledgement', answerBy: ACCEPT_BY },
        to: 'customer',
        proved: true,
      },
      { variant: 'without-a-time', body: { kind: 'acknowledgement', answerBy: null }, to: 'customer' },
    ],
  },
  'owner-named': {
    about: 'to the customer: who has it now',
    samples: [
      { body: { kind: 'owner-named', owner: 'priya' }, to: 'customer', how: 'owned' },
      { variant: 'in-copy', body: { kind: 'owner-named', owner: 'priya' }, to: 'joe', how: 'owned' },
    ],
  },
  delay: {
    about: 'to the customer: it takes longer than was promised',
    samples: [{ body: { kind: 'delay', answerBy: ACCEPT_BY }, to: 'customer', how: 'owned' }],
  },
  finished: {
    about: 'to the customer: it is finished',
    samples: [
      { body: { kind: 'finished', by: 'priya' }, to: 'customer', how: 'done' },
      { variant: 'in-copy', body: { kind: 'finished', by: 'priya' }, to: 'joe', how: 'done' },
    ],
  },
  'customer-reply': {
    about: 'to the customer: what the owner wrote (goes out as written)',
    samples: [
      {
        body: { kind: 'customer-reply', by: 'priya', text: 'reply', messageId: null },
        to: 'customer',
        how: 'owned',
      },
    ],
  },
  'outside-help': {
    about: 'to somebody outside: what a member asks them (goes out as written)',
    samples: [
      {
        body: { kind: 'outside-help', by: 'priya', text: 'question', help: 9, messageId: null },
        to: 'joe',
        how: 'owned',
      },
    ],
  },
  'outside-reminder': {
    about: 'to somebody outside: a member still waits for your answer',
    samples: [
      { body: { kind: 'outside-reminder', by: 'priya', text: 'question', help: 9 }, to: 'joe', how: 'owned' },
    ],
  },
} as const satisfies { readonly [kind: string]: KindSamples };
