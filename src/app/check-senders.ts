/**
 * Has the senders of a batch verified where the inbox rests on our own check: outside of any transaction, several at
 * a time, and only of mail on whose sender something hangs. What cannot be found out in time stays `unknown`, which
 * acts no more than a forged mail does and holds nothing up.
 */
import type { Work } from './classify-message.ts';
import type { Deps } from './deps.ts';
import type { Reading } from './reading.ts';

const AT_ONCE_MAX = 16;

export async function checkSenders(
  { senderCheck }: Pick<Deps, 'senderCheck'>,
  work: readonly Work[],
): Promise<readonly Work[]> {
  if (!work.some(isOpen)) return work;
  const done = [...work];
  const waiting = [...work.entries()].filter(([, item]) => isOpen(item));
  const takeNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, { message, read }] = next;
      if (!read.ok || read.reading.question === null) continue;
      const authentication = await senderCheck.check(message.raw, read.reading.question);
      const reading: Reading = { ...read.reading, authentication };
      done[at] = { message, read: { ok: true, reading } };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE_MAX }, takeNext));
  return done;
}

const isOpen = ({ message, read }: Work): boolean =>
  read.ok && read.reading.question !== null && message.role === 'inbox' && !message.history;
