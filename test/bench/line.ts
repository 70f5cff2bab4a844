/** Mail on its way into one mailbox of Baton's: written aside, delivered, announced. */

import { addressOf } from './configuration.ts';
import { type Drop, dropInto } from './drop.ts';
import { type Listener, listenTo } from './listener.ts';
import { mailNumber } from './mail-set.ts';
import { arrived, NOTICES_PER_MAIL, nowMs } from './sent.ts';
import type { Stand } from './stand.ts';

export type Line = {
  readonly listener: Listener;
  /** How many were delivered or are prepared; the next one's number. */
  next(): number;
  /** Writes mails aside; answers their numbers. */
  prepare(count: number): number[];
  /** Answers the moment. */
  deliver(number: number): number;
  /** As somebody moves answered mail out of a folder. */
  remove(number: number): void;
};

export async function openLine({ dovecot, users }: Stand): Promise<Line> {
  const [user = ''] = users;
  const drop: Drop = dropInto(dovecot, user);
  const listener = await listenTo(dovecot.port, user);
  let next = 0;
  return {
    listener,
    next: () => next,
    prepare(count) {
      const numbers = Array.from({ length: count }, (_, at) => next + at);
      for (const number of numbers) drop.prepare(number, mailNumber(number, addressOf(0)));
      next += count;
      return numbers;
    },
    deliver(number) {
      drop.deliver(number);
      return nowMs();
    },
    remove: (number) => drop.remove(number),
  };
}

/** So many through the whole path: caches, compiled code and connections are as after a while. */
export async function warmUp(stand: Stand, line: Line, mails: number): Promise<void> {
  stand.sink.forget();
  for (const number of line.prepare(mails)) line.deliver(number);
  await arrived(stand, mails * NOTICES_PER_MAIL, () => {});
}

/** Every mail has one open request, and nothing is left to send. Answers what is not so. */
export async function whatIsWrong(stand: Stand, mails: number): Promise<string | null> {
  const status = await stand.status();
  const wanted = { open: mails, pending: 0, failed: 0, parked: 0 };
  const isSound = (Object.keys(wanted) as (keyof typeof wanted)[]).every(
    (key) => status[key] === wanted[key],
  );
  return isSound
    ? null
    : `${JSON.stringify(status)} instead of ${JSON.stringify(wanted)} (${stand.shape} shape)`;
}
