/** Mail that is in the mailboxes without having come in by day: older mail, and what was sent by hand. */
import { DAY, HOUR, type Instant } from '../../domain/instant.ts';
import { MAINTENANCE, OFFICE } from './company.ts';
import { addressOf, type Letter, letterBytes } from './letter.ts';
import { type Delivery, lastMailTo, type Scene } from './world.ts';

/** What the mailboxes hold when Baton starts: history, which gets no owner and causes no mail. */
export function olderMail(start: Instant): readonly Delivery[] {
  const older = (letter: Letter, folder: string, at: Instant): Delivery => ({
    by: 'append',
    user: folder === 'Sent' ? addressOf(letter.from) : letter.to,
    folder,
    raw: letterBytes(letter, at),
    at,
  });
  return [
    older(
      {
        key: 'lift',
        from: 'Harriet Bell <harriet@bellfamily.example>',
        to: MAINTENANCE,
        subject: 'Lift',
        text: 'The lift is stuck on 2 again.\n\nHarriet (flat 2A)',
      },
      'INBOX',
      start - 4 * DAY,
    ),
    older(
      {
        key: 'lift-answer',
        from: `Elm Property Management <${MAINTENANCE}>`,
        to: 'Harriet Bell <harriet@bellfamily.example>',
        subject: 'Re: Lift',
        text: 'Thank you, LiftCare comes this afternoon.\n\nPriya',
        answers: { messageId: 'lift@bellfamily.example', references: [] },
      },
      'Sent',
      start - 4 * DAY + 2 * HOUR,
    ),
    older(
      {
        key: 'parking',
        from: 'Oliver Grant <oliver.grant@post.example>',
        to: OFFICE,
        subject: 'Parking space',
        text: 'Is space 14 free from April?\n\nOliver Grant',
      },
      'INBOX',
      start - 15 * HOUR,
    ),
  ];
}

export const mailsByHand: readonly Scene[] = [
  // Sam answers from his own mail program and leaves the inbox in copy.
  {
    at: '10:30',
    deliver: ({ now }) => [
      {
        by: 'smtp',
        from: 'sam@elm.example',
        to: MAINTENANCE,
        raw: letterBytes(
          {
            key: 'sam-to-ewa',
            from: 'Sam Okafor <sam@elm.example>',
            to: 'Ewa Kowalska <ewa.kowalska@web.example>',
            cc: MAINTENANCE,
            subject: 'Re: No heating in 2 rooms',
            text: 'Dear Ms Kowalska, I will be with you at 11 and bleed the radiators.\n\nSam Okafor',
            answers: { messageId: 'radiators@web.example', references: [] },
          },
          now,
        ),
      },
    ],
  },
  // A tenant's mailbox forwards everything from us straight back to us.
  {
    at: '11:30',
    deliver: (world) => [
      {
        by: 'smtp',
        from: 'amira.khan@mail.example',
        to: OFFICE,
        raw: lastMailTo(world, 'amira.khan@mail.example').raw,
      },
    ],
  },
  // Leah answers from the shared mailbox itself; her webmail keeps a copy in Sent.
  {
    at: '14:05',
    deliver: ({ now }) => [
      {
        by: 'append',
        user: OFFICE,
        folder: 'Sent',
        raw: letterBytes(
          {
            key: 'leah-to-hanna',
            from: `Elm Property Management <${OFFICE}>`,
            to: 'Hanna Weiss <hanna@weiss.greylist.example>',
            subject: 'Re: Dog?',
            text: 'Dear Ms Weiss, one small dog is fine, I will add it to the lease.\n\nLeah',
            answers: { messageId: 'dog@weiss.greylist.example', references: [] },
          },
          now,
        ),
      },
    ],
  },
];
