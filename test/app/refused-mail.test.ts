/** Mail to a member that our own server refuses for good: whoever can mend it hears of it once, and only if it is so. */
import { expect, test } from 'vitest';
import { deliverOutbox } from '../../src/app/deliver-outbox.ts';
import type { MailSender } from '../../src/app/ports/mail-sender.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { askPriya } from '../support/attack.ts';
import { withQuote, writeLetter } from '../support/letters.ts';
import { MONDAY } from '../support/policy.ts';
import { brokenPromises } from '../support/promises.ts';
import { openWorld, type World } from '../support/world.ts';

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

/** The first mail to this member is tried again by a mailer that is refused it so late that another has sent it by then. */
async function refusedTooLate(world: World, to: string, text: string): Promise<void> {
  world.sender.failNext('smtp-unreachable', { to });
  const letter = { from: 'maria@example.com', to: ['maintenance@elm.example'], subject: 'Leak', text };
  world.deliver('maintenance', writeLetter({ ...letter, date: MONDAY, messageId: 'leak@example.com' }));
  await world.settle();
  const [waiting = 0] = world.store
    .outbox()
    .flatMap(({ notice, settledAt }) => (settledAt ? [] : [notice.id]));
  world.clock.advance(2 * MINUTE);
  const slow: MailSender = {
    ...world.sender.sender,
    async send() {
      world.clock.advance(3 * MINUTE);
      await deliverOutbox(world.deps(), [waiting]);
      return { type: 'permanent', code: 'smtp-550', response: '550 5.1.1 no such user' };
    },
  };
  await deliverOutbox({ ...world.deps(), senderOf: () => slow }, [waiting]);
  await world.settle();
  expect(world.sender.delivered.filter(({ envelopeTo }) => envelopeTo === to)).toHaveLength(1);
  expect(world.store.attempts().map(({ id, outcome }) => (id === waiting ? outcome : null))).toEqual(
    expect.arrayContaining(['temporary', 'permanent', 'accepted']),
  );
}

test('a question that its mailer was refused too late, as another had sent it, is told to nobody as lost', async () => {
  const world = await openWorld();
  await refusedTooLate(world, 'priya@elm.example', 'Water is dripping.');
  expect(world.store.conversations().map(({ offer }) => offer?.to)).toEqual(['priya']);
  expect((await world.sent()).map(({ kind }) => kind)).toEqual(['acknowledgement', 'offer']);
  expect(await brokenPromises(world)).toEqual([]);
});

test('a mail that could not be read stays with whom another mailer has told, whatever a slower one was refused', async () => {
  const world = await openWorld();
  await refusedTooLate(world, 'leah@elm.example', 'A photo of the roof.\n'.repeat(60_000));
  expect(world.store.parked().map(({ accountable, unreached }) => [accountable, unreached])).toEqual([
    ['leah', []],
  ]);
  expect(await brokenPromises(world)).toEqual([]);
});
