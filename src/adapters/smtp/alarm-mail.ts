/** Alarms by mail, through an account that none of the inboxes uses. A connection is made for each, and kept for none. */
import { createHash } from 'node:crypto';
import { Failure } from '../../app/failures.ts';
import type { Alarm, AlarmChannel } from '../../app/ports/alarm-channel.ts';
import type { SendOutcome } from '../../app/ports/mail-sender.ts';
import { composeMail } from './compose.ts';
import { type SmtpOptions, smtpMailSender } from './mail-sender.ts';

export type AlarmMailOptions = {
  readonly from: string;
  readonly to: readonly string[];
  readonly smtp: SmtpOptions;
};

export function alarmMail({ from, to, smtp }: AlarmMailOptions): AlarmChannel {
  return {
    name: 'mail',
    async tell(alarm) {
      const sender = smtpMailSender({ ...smtp, maxConnections: 1 });
      try {
        const outcomes: SendOutcome[] = [];
        for (const one of to)
          outcomes.push(
            await sender.send({ envelopeFrom: from, envelopeTo: one, raw: await letter(alarm, from, one) }),
          );
        // Somebody knows: who else does not is for the log of the mail server.
        if (outcomes.some(({ type }) => type === 'accepted' || type === 'unknown')) return;
        const codes = outcomes.map((outcome) => (outcome.type === 'accepted' ? '' : outcome.code));
        throw new Failure('temporary', 'alarm-not-sent', `The alarm could not be sent: ${codes.join(', ')}.`);
      } finally {
        await sender.close();
      }
    },
  };
}

/** The words that begin an outage and those that end it stand in one thread. */
function letter({ id, subject, text, now, kind, inbox, since }: Alarm, from: string, to: string) {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const named = (what: string) =>
    `${createHash('sha256').update(what).digest('hex').slice(0, 26)}.alarm@${domain}`;
  return composeMail({
    from: { name: 'Baton', address: from },
    to: { name: '', address: to },
    replyTo: null,
    subject,
    messageId: named(`${id} ${to}`),
    inReplyTo: null,
    references: [named(`${kind} ${inbox} ${since}`)],
    date: now,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    text,
    html: null,
  });
}
