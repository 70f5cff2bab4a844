/** Mail whose body brings the parser down: what its header says is shown, and it is read again when somebody says so. */
import { expect, test } from 'vitest';
import type { MailParser } from '../../src/app/ports/mail-parser.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { inProcessParser } from '../support/in-process-parser.ts';
import { withQuote, writeLetter } from '../support/letters.ts';
import { brokenPromises } from '../support/promises.ts';
import { openWorld, type SentMail, type World } from '../support/world.ts';

const BOMB = 'this brings the parser down';

/** A parser that dies of one text, for as long as `state.breaks`. */
function brittleParser(state: { breaks: boolean }): MailParser {
  const real = inProcessParser();
  return {
    ...real,
    async parse(raws) {
      const parsed = await real.parse(raws);
      return parsed.map((result, index) =>
        state.breaks && result.ok && Buffer.from(raws[index] ?? []).includes(BOMB)
          ? {
              ok: false,
              code: 'cpu-limit',
              why: 'it takes too long to read',
              header: { ...result.mail, text: '', reply: { text: '', quoted: '', signature: '' } },
            }
          : result,
      );
    },
  };
}

async function worldWithBomb() {
  const state = { breaks: true };
  const world = await openWorld({ parser: brittleParser(state) });
  const raw = writeLetter({
    from: 'Maria Lopez <maria@example.com>',
    to: ['maintenance@elm.example'],
    subject: 'Leak in the attic',
    text: BOMB,
    date: world.clock.now(),
    messageId: 'bomb@example.com',
  });
  world.deliver('maintenance', raw);
  await world.settle();
  return { world, state };
}

/** Leah answers the last mail that she was sent. */
async function leahSays(world: World, text: string): Promise<void> {
  await world.advance(MINUTE);
  const sent = (await world.sent()).findLast(({ outgoing }) => outgoing.envelopeTo === 'leah@elm.example');
  if (sent === undefined) throw new Error('Leah was sent nothing');
  answer(world, sent, text);
  await world.settle();
}

/** Whoever got it answers it. */
function answer(world: World, { mail, outgoing }: SentMail, text: string): void {
  const date = world.clock.now();
  const raw = writeLetter({
    from: outgoing.envelopeTo,
    to: [mail.replyTo[0]?.address ?? ''],
    subject: `Re: ${mail.subject}`,
    text: withQuote(text, mail, date),
    date,
    messageId: `${date}@elm.example`,
    answers: { messageId: mail.messageId, references: mail.references },
  });
  world.deliver('maintenance', raw);
}

const kinds = async (world: World) =>
  (await world.sent()).map(({ outgoing, kind }) => `${outgoing.envelopeTo}: ${kind}`);

test('A mail that cannot be read is told of with what its header says', async () => {
  const { world } = await worldWithBomb();
  const [notice] = await world.sent();
  expect(notice?.kind).toBe('parked');
  expect(notice?.mail.subject).toContain('Leak in the attic');
  expect(notice?.mail.text).toContain('Maria Lopez');
  expect(notice?.mail.text).not.toContain(BOMB);
  expect(await brokenPromises(world)).toEqual([]);
});

test('A mail that can be read by now is a request like any other once it is read again', async () => {
  const { world, state } = await worldWithBomb();
  state.breaks = false;
  await leahSays(world, 'retry');
  expect(await kinds(world)).toEqual([
    'leah@elm.example: parked',
    'leah@elm.example: receipt',
    'maria@example.com: acknowledgement',
    'priya@elm.example: offer',
  ]);
  expect(world.store.messages().map(({ disposition }) => disposition)).toEqual(['request', 'command']);
  expect(await brokenPromises(world)).toEqual([]);
});

test('What kept failing to be carried out is told to its author and to the front desk, which has a clock', async () => {
  const state = { fails: true };
  const real = inProcessParser();
  const parser: MailParser = {
    ...real,
    async extractReply(jobs) {
      if (state.fails) throw new Error('a defect of ours');
      return real.extractReply(jobs);
    },
  };
  const world = await openWorld({ parser, limits: { triesMax: 2 } });
  const raw = writeLetter({
    from: 'Maria Lopez <maria@example.com>',
    to: ['maintenance@elm.example'],
    subject: 'Leak in the attic',
    text: 'It drips.',
    date: world.clock.now(),
    messageId: 'leak@example.com',
  });
  world.deliver('maintenance', raw);
  await world.settle();
  const offer = (await world.sent()).findLast(({ kind }) => kind === 'offer');
  if (offer === undefined) throw new Error('nobody was asked');
  answer(world, offer, 'accept');
  await world.recover();
  const told = (await world.sent())
    .filter(({ kind }) => kind.startsWith('parked'))
    .toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
  expect(told.map(({ outgoing, kind }) => `${outgoing.envelopeTo}: ${kind}`)).toEqual([
    'leah@elm.example: parked',
    'priya@elm.example: parked-news',
  ]);
  expect(told[0]?.mail.text).toMatch(
    /^Please look at a teammate's answer that we could not carry\sout, from Priya\./,
  );
  expect(told[1]?.mail.text).toMatch(/^What you wrote could not be carried out\./);
  expect(world.store.parked().map(({ accountable, due }) => [accountable, due !== null])).toEqual([
    ['leah', true],
  ]);
  // Once the defect is mended, one word carries it out.
  state.fails = false;
  const toLeah = told[0];
  if (toLeah !== undefined) answer(world, toLeah, 'retry');
  await world.settle();
  expect(world.store.conversations().map(({ owner }) => owner)).toEqual(['priya']);
});

test('A mail that can never be read becomes the request of whom its header names', async () => {
  const { world } = await worldWithBomb();
  await leahSays(world, 'request');
  const offer = (await world.sent()).find(({ kind }) => kind === 'offer');
  expect(offer?.mail.subject).toBe('#1001 Leak in the attic, Maria Lopez');
  expect(await kinds(world)).not.toContain('maria@example.com: acknowledgement');
  expect(await brokenPromises(world)).toEqual([]);
});
