/** Mails that a tenant might write: one that is urgent, one for each team, and one that fits no rule. */
import type { Example } from '../../../adapters/web/playground/context.ts';
import { MAINTENANCE, OFFICE } from '../company.ts';

export const EXAMPLES: readonly Example[] = [
  {
    id: 'leak',
    name: 'A leak',
    to: MAINTENANCE,
    subject: 'Water through the bathroom ceiling',
    text: `Hello,

water has been dripping through my bathroom ceiling since this morning, and the lamp flickers. Can somebody come today?

14 Elm Street, Flat 3B`,
  },
  {
    id: 'window',
    name: 'A window',
    to: MAINTENANCE,
    subject: 'Bedroom window',
    text: 'The bedroom window does not close any more. It is not urgent, but it is cold at night.',
  },
  {
    id: 'viewing',
    name: 'A viewing',
    to: OFFICE,
    subject: 'The flat on the second floor',
    text: 'I saw that the flat above mine is empty. May I come for a viewing with my sister? What is the rent?',
  },
  {
    id: 'piano',
    name: 'Something odd',
    to: OFFICE,
    subject: 'A piano',
    text: 'I have inherited a piano. Who do I talk to?',
  },
];
