/** Mail to a member that our own server refuses for good: whoever can mend it hears of it once. */
import { expect, test } from 'vitest';
import { askPriya } from '../support/attack.ts';
import { withQuote, writeLetter } from '../support/letters.ts';
import { brokenPromises } from '../support/promises.ts';

test('the manager who is told in the story of the request is not told beside it that the address is dead', async () => {
  const { world } = await askPriya();
  const latest = async (address: string) =>
    (await world.sent()).findLast(({ outgoing }) => outgoing.envelopeTo === address)?.mail;
  const answers = async (from: string, text: string): Promise<void> => {
    const mail = await latest(from);
    if (mail === undefined) throw new Error(`${from} was sent nothing`);
    const date = world.clock.now();
    const raw = writeLetter({
      ...{
        from,
        to: [mail.replyTo[0]?.address ?? 'maintenance@elm.example'],
        date,
        messageId: `${date}.${from}`,
      },
      ...{ subject: `Re: ${mail.subject}`, text: withQuote(text, mail, date) },
      answers: { messageId: mail.messageId, references: mail.references },
    });
    world.deliver('maintenance', raw);
    await world.settle();
  };
  await answers('priya@elm.example', 'accept');
  world.sender.failNext('550 5.1.1', { type: 'permanent' });
  await answers('maria@example.com', 'It is worse now.');
  const kinds = (await world.sent())
    .filter(({ outgoing }) => outgoing.envelopeTo === 'dana@elm.example')
    .map(({ kind }) => kind);
  expect(kinds).toEqual(['undeliverable']);
  expect(await brokenPromises(world)).toEqual([]);
});
