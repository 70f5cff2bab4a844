/** A mail as the mail program of a sample person writes it, from what a visitor typed. */
import type { WrittenLetter } from '../../../adapters/web/playground/context.ts';
import { type Instant, toDate } from '../../../domain/instant.ts';
import { type Letter, letterBytes } from '../letter.ts';
import { answerAddress, type Delivery, quotationOf } from '../world.ts';
import type { SamplePerson } from './people.ts';
import type { Postbox } from './postbox.ts';

/** An answer goes where the mail asks for it, with that mail quoted below, as mail programs do. */
export function writtenIn(
  person: SamplePerson,
  letter: WrittenLetter,
  post: Pick<Postbox, 'received'>,
  now: Instant,
): Delivery {
  if (letter.type === 'new') return deliveryOf(person, letter, now);
  const received = post.received(person.address, letter.to);
  if (received === null) throw new Error(`${person.name} has no mail ${letter.to}`);
  const { mail } = received;
  const quotation = quotationOf(received, (then) => toDate(then).toUTCString().slice(0, 22));
  return deliveryOf(
    person,
    {
      to: answerAddress(mail),
      subject: /^re:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`,
      text: `${letter.text.trimEnd()}\n\n${quotation}`,
      answers: mail,
    },
    now,
  );
}

function deliveryOf(
  { id, name, address }: SamplePerson,
  filled: Pick<Letter, 'to' | 'subject' | 'text' | 'answers'>,
  now: Instant,
): Delivery {
  const raw = letterBytes({ ...filled, key: `visitor.${id}.${now}`, from: `${name} <${address}>` }, now);
  return { by: 'smtp', from: address, to: filled.to, raw };
}
