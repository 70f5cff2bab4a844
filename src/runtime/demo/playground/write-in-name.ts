/** A mail as the mail program of a sample person writes it, from what a visitor typed. */
import type { WrittenLetter } from '../../../adapters/web/playground/context.ts';
import { type Instant, toDate } from '../../../domain/instant.ts';
import { letterBytes } from '../letter.ts';
import { answerAddress, type Delivery, quotationOf } from '../world.ts';
import type { SamplePerson } from './people.ts';
import type { Postbox, Sent } from './postbox.ts';

type Written = { readonly delivery: Delivery; readonly sent: Sent };

/** An answer goes where the mail asks for it, with that mail quoted below, as mail programs do. */
export function writtenIn(person: SamplePerson, letter: WrittenLetter, post: Postbox, now: Instant): Written {
  if (letter.type === 'new') {
    return finished(person, { to: letter.to, subject: letter.subject, text: letter.text }, letter.text, now);
  }
  const received = post.received(person.address, letter.to);
  if (received === null) throw new Error(`${person.name} has no mail ${letter.to}`);
  const { mail } = received;
  const subject = /^re:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`;
  const quotation = quotationOf(received, (then) => toDate(then).toUTCString().slice(0, 22));
  const text = `${letter.text.trimEnd()}\n\n${quotation}`;
  return finished(person, { to: answerAddress(mail), subject, text, answers: mail }, letter.text, now);
}

type Filled = Pick<Parameters<typeof letterBytes>[0], 'to' | 'subject' | 'text' | 'answers'>;

function finished(person: SamplePerson, filled: Filled, said: string, now: Instant): Written {
  const { name, address: from } = person;
  const raw = letterBytes({ ...filled, key: `visitor.${person.id}.${now}`, from: `${name} <${from}>` }, now);
  return {
    delivery: { by: 'smtp', from, to: filled.to, raw },
    sent: {
      at: now,
      from: { name, address: from },
      to: { name: '', address: filled.to },
      subject: filled.subject,
      text: said,
    },
  };
}
