/** The day itself: who writes what when, and how teammates, tenants and machines answer what they receive. */
import { momentIn } from '../../config/values.ts';
import { type Instant, MINUTE, SECOND, toDate } from '../../domain/instant.ts';
import type { Agenda } from './agenda.ts';
import { letterBytes } from './letter.ts';
import { bounceOf, outOfOffice, readReceipt } from './machines.ts';
import { dayMails } from './mails-day.ts';
import { earlyMails } from './mails-early.ts';
import { mailsByHand } from './mails-past-and-sent.ts';
import { ANSWERS, type Answer } from './teammates.ts';
import { answerAddress, type Delivery, quotationOf, type Received, type World } from './world.ts';

export const ZONE = 'Europe/London';
export const START = at('02:00');
export const END = at('17:45');

/** A local time of the day that the demo plays, Tuesday 3 March 2026. */
export function at(time: string): Instant {
  const instant = momentIn(`2026-03-03T${time}`, ZONE);
  if (instant === null) throw new Error(`${time} is no time`);
  return instant;
}

export type Deliver = (deliveries: readonly Delivery[]) => Promise<void>;

export type Plan = {
  readonly agenda: Agenda;
  readonly world: () => World;
  readonly deliver: Deliver;
  /** Somebody writes Luis's leave into the configuration. */
  readonly noteLuis: () => Promise<void>;
};

export function plan({ agenda, world, deliver, noteLuis }: Plan): void {
  agenda.add(at('08:05'), noteLuis);
  for (const scene of [...earlyMails, ...dayMails, ...mailsByHand]) {
    agenda.add(at(scene.at), () => deliver(scene.deliver(world())));
  }
}

/** How everybody outside of Baton answers the mails that they receive. */
export function reactions(agenda: Agenda, deliver: Deliver): (received: Received) => void {
  const answers = [...ANSWERS];
  const done = new Set<string>();
  const once = (what: string): boolean => !done.has(what) && done.add(what).has(what);
  const later = (received: Received, delay: number, make: (now: Instant) => Reply) => {
    const due = received.at + delay;
    agenda.add(due, () => deliver([{ by: 'smtp', ...make(due) }]));
  };
  return (received) => {
    const { to, kind, mail, raw, from } = received;
    if (to === 'hanna@weiss.greylist.example' && once('greylist')) {
      throw new Error('4.2.0 greylisted, come again in five minutes');
    }
    if (to === 'karin.lindqvist@oldpost.example')
      later(received, 20 * SECOND, (now) => bounceOf(raw, to, from, now));
    if (to === 'luis@elm.example' && once('luis')) {
      const text = 'I am on leave until Monday, 9 March.\n\nLuis Romero';
      const person = 'Luis Romero <luis@elm.example>';
      later(received, 20 * SECOND, (now) => outOfOffice(person, mail, answerAddress(mail), text, now));
    }
    if (to === 'reception@northgate-dental.example' && kind === 'acknowledgement') {
      const text = 'Thank you for your mail. We answer within two working days.\nNorthgate Dental';
      later(received, 30 * SECOND, (now) => outOfOffice(`Northgate Dental <${to}>`, mail, from, text, now));
    }
    if (to === 'j.osei@post.example' && kind === null) {
      later(received, 3 * MINUTE, (now) => readReceipt(`James Osei <${to}>`, mail, answerAddress(mail), now));
    }
    const answer = takeAnswer(answers, received);
    if (answer !== null)
      later(received, answer.afterMinutes * MINUTE, (now) => memberReply(answer, received, now));
  };
}

type Reply = { readonly from: string; readonly to: string; readonly raw: Uint8Array };

function takeAnswer(answers: Answer[], { to, kind, mail }: Received): Answer | null {
  const found = answers.findIndex(
    (one) => `${one.who}@elm.example` === to && one.to === kind && mail.subject.includes(one.about),
  );
  return found === -1 ? null : (answers.splice(found, 1)[0] ?? null);
}

const NAMES: Readonly<Record<string, string>> = {
  priya: 'Priya Nair',
  sam: 'Sam Okafor',
  luis: 'Luis Romero',
  leah: 'Leah Stein',
  noor: 'Noor Haddad',
  dana: 'Dana Wolfe',
};

/** The answer as a mail app writes it: on top, the whole mail quoted below. */
function memberReply({ who, says }: Answer, received: Received, now: Instant): Reply {
  const from = `${who}@elm.example`;
  const to = answerAddress(received.mail);
  const text = `${says}\n\n${quotationOf(received, (then) => toDate(then).toUTCString().slice(0, 22))}`;
  const { mail } = received;
  const raw = letterBytes(
    {
      key: `reply.${who}.${now}`,
      from: `${NAMES[who]} <${from}>`,
      to,
      subject: `Re: ${mail.subject}`,
      text,
      answers: mail,
    },
    now,
  );
  return { from, to, raw };
}
