/**
 * Has the senders of a batch verified where the inbox rests on our own check: outside of any transaction, all at
 * once, so that name servers which do not answer cost the batch one time limit and not one for each mail, and only
 * of mail on whose sender something hangs. What cannot be found out in time stays `unknown`, which acts no more than
 * a forged mail does and holds nothing up.
 */
import type { Work } from './classify-message.ts';
import type { Deps } from './deps.ts';
import type { Reading } from './reading.ts';

export async function checkSenders(
  { senderCheck }: Pick<Deps, 'senderCheck'>,
  work: readonly Work[],
): Promise<readonly Work[]> {
  return Promise.all(
    work.map(async (item): Promise<Work> => {
      const { message, read } = item;
      if (!read.ok || read.reading.question === null) return item;
      // What was sent from the mailbox, or is from before it was watched, moves nothing.
      if (message.role === 'sent' || message.history) return item;
      const authentication = await senderCheck.check(message.raw, read.reading.question);
      const reading: Reading = { ...read.reading, authentication };
      return { message, read: { ok: true, reading } };
    }),
  );
}
