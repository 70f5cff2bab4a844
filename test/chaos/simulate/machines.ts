/** What machines answer to mails of ours: an out-of-office, a delivery report, a robot that says thanks for everything. */
import type { Dice } from './dice.ts';
import type { Got } from './members.ts';
import type { Letter } from './post.ts';

/** To the envelope sender, as RFC 3834 section 4 wants it. */
export const outOfOffice = (from: string, { sent, returnPath }: Got): Letter => ({
  from,
  to: [returnPath],
  subject: `Automatic reply: ${sent.subject}`,
  text: 'I am away.',
  answers: [sent.messageId],
  headers: [['auto-submitted', 'auto-replied']],
  returnPath: '',
});

const STATUSES = [
  { status: '5.1.1', action: 'failed', permanent: true, reason: 'user-unknown' },
  { status: '5.2.2', action: 'failed', permanent: false, reason: 'mailbox-full' },
  { status: '5.7.1', action: 'failed', permanent: false, reason: 'refused' },
  { status: '4.4.1', action: 'delayed', permanent: false, reason: 'network' },
] as const;

/** RFC 3464; one in a few comes without any link to the mail that it is about. */
export function bounceOf(recipient: string, { sent, returnPath }: Got, dice: Dice): Letter {
  const said = dice.pick(STATUSES);
  return {
    from: 'mailer-daemon@mx.example',
    to: [returnPath],
    subject: 'Undelivered Mail Returned to Sender',
    text: 'It could not be delivered.',
    returnPath: '',
    headers: [['content-type', 'multipart/report; report-type=delivery-status']],
    report: {
      recipients: [{ ...said, address: recipient, diagnostic: '' }],
      originalMessageId: dice.happens(0.8) ? sent.messageId : null,
    },
  };
}

/** Without any mark of a machine: only counting ends this. */
export const robot = (from: string, { sent, inboxAddress }: Got, number: number): Letter => ({
  from,
  to: [inboxAddress],
  subject: `Re: ${sent.subject}`,
  text: `Thank you for your message. Your ticket is ${number}.`,
  answers: [sent.messageId],
});
