/** What a robot behind a member's address, or a forger of it, can set off: little, and the member is told where it ends. */
import { expect, test } from 'vitest';
import { writeLetter } from '../support/letters.ts';
import { openWorld, type SentMail, type World } from '../support/world.ts';

const PRIYAS = 'priya@elm.example';

async function writes(world: World, from: string, to: string, text: string, id: string): Promise<void> {
  const letter = { from, to: [to], subject: `Leak ${id}`, text, date: world.clock.now() };
  world.deliver('maintenance', writeLetter({ ...letter, messageId: `${id}@home.example` }));
  await world.settle();
}

const toPriya = async (world: World, kind: string): Promise<SentMail[]> =>
  (await world.sent()).filter((mail) => mail.outgoing.envelopeTo === PRIYAS && mail.kind === kind);
const answerTo = (mail: SentMail | undefined): string => mail?.mail.replyTo[0]?.address ?? '';

test('a member in whose name many mails come is told of ten in a day, and the tenth says that it is the last', async () => {
  const world = await openWorld();
  for (let at = 1; at <= 12; at += 1) {
    await writes(world, `tenant-${at}@example.com`, 'maintenance@elm.example', `It drips, ${at}.`, `t${at}`);
    const offer = (await toPriya(world, 'offer')).at(-1);
    await writes(world, 'eve@evil.example', answerTo(offer), 'accept', `e${at}`);
  }
  const told = await toPriya(world, 'not-counted');
  const last = /you are told of no more of it before tomorrow/;
  expect(told.map(({ mail }) => last.test(mail.text.replace(/\s+/g, ' ')))).toEqual([
    ...Array(9).fill(false),
    true,
  ]);
  expect(world.store.conversations().every(({ owner }) => owner === null)).toBe(true);
});

test.each([
  ['a command that is refused', 'handoff to Nobody'],
  ['a yes to what is theirs already', 'yes'],
])(
  'a robot behind a member’s address that answers every receipt with %s comes to an end',
  async (_, text) => {
    const world = await openWorld();
    await writes(world, 'maria@example.com', 'maintenance@elm.example', 'It drips.', 'first');
    await writes(world, PRIYAS, answerTo((await toPriya(world, 'offer')).at(-1)), 'accept', 'accepted');
    let answered = 0;
    for (let seen = 0; answered < 70; answered += 1) {
      const receipts = await toPriya(world, 'receipt');
      if (receipts.length === seen) break;
      seen = receipts.length;
      await writes(world, PRIYAS, answerTo(receipts.at(-1)), text, `robot-${answered}`);
    }
    expect((await toPriya(world, 'receipt')).length).toBe(60);
  },
);
