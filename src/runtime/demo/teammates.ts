/**
 * How the six answer the mails that they get. Each line is used once, for the first mail of that kind about that
 * request; whoever has no line for a mail is silent.
 */
import type { NoticeKind } from '../../domain/notices/notice.ts';

export type Answer = {
  readonly who: string;
  /** Words of the mail's subject. */
  readonly about: string;
  readonly to: NoticeKind;
  readonly afterMinutes: number;
  readonly says: string;
};

const answer = (who: string, about: string, to: NoticeKind, afterMinutes: number, says: string): Answer => ({
  who,
  about,
  to,
  afterMinutes,
  says,
});

export const ANSWERS: readonly Answer[] = [
  // 02:10. Priya and Sam sleep, Luis is on leave, Leah sleeps too.
  answer('dana', 'Leak', 'last-asked', 5, 'Accept'),
  answer(
    'dana',
    'Leak',
    'receipt',
    4,
    `reply
Dear Ms Lopez, our emergency plumber is on his way and with you by 3:30.
The stop tap is in the hall cupboard behind the meter: turn it clockwise.
Dana Wolfe`,
  ),
  answer(
    'dana',
    'Leak',
    'customer-wrote',
    295,
    'Handoff to Priya, pipe is clamped, needs a plasterer for the flat below',
  ),
  answer('priya', 'Leak', 'handoff', 6, 'yes'),

  answer('priya', 'No heating', 'offer', 44, 'Hand off to Sam - he fitted the new valves there'),
  answer('sam', 'No heating', 'handoff', 27, 'Got it'),
  answer(
    'sam',
    'No heating',
    'customer-wrote',
    12,
    'reply: Dear Ms Kowalska, I come again today at 4 with a new valve. Sam',
  ),

  answer('noor', 'My deposit', 'offer', 148, 'Yes, mine.'),
  answer(
    'noor',
    'My deposit',
    'receipt',
    70,
    `reply
Dear Mr Osei, you are right about the hob, nothing is deducted. The scheme
pays out 1,250 pounds to your account within five days.
Noor Haddad`,
  ),
  answer('noor', 'My deposit', 'receipt', 45, 'done: released in full'),

  answer('priya', 'Front door', 'offer', 9, 'on it'),
  answer('priya', 'Front door', 'receipt', 190, 'done, new cylinder fitted'),

  answer('noor', 'Nebenkosten', 'offer', 44, 'handoff to Leah, you did the 2025 statements'),
  answer('leah', 'Nebenkosten', 'handoff', 15, 'Mine, thanks'),

  answer('leah', 'Your invoice', 'offer', 27, 'accept'),
  answer('leah', 'Your invoice', 'receipt', 178, "Done. Paid with Friday's run"),

  answer('noor', 'THIRD TIME', 'offer', 38, 'decline - he is my neighbour, somebody else should judge this'),
  answer(
    'dana',
    'THIRD TIME',
    'last-asked',
    25,
    'Handoff to Leah. Please ring him before lunch, he means it',
  ),
  answer('leah', 'THIRD TIME', 'handoff', 20, 'ok, got it'),

  answer('leah', 'Two-bed', 'offer', 12, 'I take it'),

  answer('sam', 'Bathroom', 'offer', 11, 'acept'),
  answer('sam', 'Bathroom', 'receipt', 3, 'accept'),
  answer('sam', 'Bathroom', 'receipt', 215, 'done'),

  answer('priya', 'black spots', 'offer', 15, 'Yes please'),

  answer('leah', 'Bins', 'offer', 15, 'accept'),

  answer('priya', 'Fire alarm', 'offer', 12, 'Got it, thanks!'),
  // Too late: Priya has it by then.
  answer('sam', 'Fire alarm', 'offer', 70, 'accept'),

  answer('sam', 'gutters', 'offer', 8, 'decline: Birch House is Priya’s'),
  answer('priya', 'gutters', 'offer', 32, 'Accept\n\nI will compare it with the other two quotes.'),

  answer('leah', 'Contact form', 'offer', 9, 'accept'),

  answer('sam', 'Locked out', 'offer', 3, 'Yes'),
  answer('sam', 'Locked out', 'receipt', 48, 'done: she is in, the cat is well'),

  answer('leah', 'Tortoise', 'offer', 18, 'Take it'),

  answer('leah', 'Dog', 'offer', 5, 'mine'),

  answer('leah', 'Moving out', 'offer', 6, 'Yes'),
];
