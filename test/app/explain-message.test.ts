/** What is explained is what happens, because the same functions do both; and nothing is written by asking. */
import { describe, expect, test } from 'vitest';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { NothingKnown } from '../../src/app/dry-run.ts';
import { type Explanation, explainMessage } from '../../src/app/explain-message.ts';
import { NoModel } from '../../src/app/look-into.ts';
import { DAY, MINUTE } from '../../src/domain/instant.ts';
import { type Letter, writeLetter } from '../support/letters.ts';
import { MONDAY } from '../support/policy.ts';
import { openWorld, type World } from '../support/world.ts';

const INBOX = 'maintenance';
let count = 0;

const letter = (given: Partial<Letter> = {}): Uint8Array => {
  count += 1;
  return writeLetter({
    from: 'Maria Lopez <maria@example.com>',
    to: ['maintenance@elm.example'],
    subject: 'Leak under kitchen sink',
    text: 'Water is dripping.',
    date: MONDAY,
    messageId: `m${count}@example.com`,
    ...given,
  });
};

async function explain(world: World, raw: Uint8Array): Promise<Explanation> {
  const mail = await parseInProcess(raw);
  const deps = {
    policy: world.policy,
    model: NoModel,
    secret: 'no secret is needed',
    newTextId: () => 'none',
  };
  const question = { mail, inboxId: INBOX, at: world.clock.now() };
  return world.store.transact([], (tx) => explainMessage(deps, tx, question));
}

/** What became of the mail that came in last. */
function outcome(world: World) {
  const last = [...world.store.messages()].reduce((a, b) => (a.id > b.id ? a : b));
  const states = [...world.store.conversations()];
  const state = states.find(({ id }) => id === last.conversationId) ?? null;
  return { last, state };
}

const textOf = ({ trace }: Explanation, step: string) => trace.find((one) => one.step === step)?.text ?? '';

describe('an explanation', () => {
  const letters = {
    'a leak': {},
    'what no rule knows': { subject: 'Hello', text: 'Is anybody there?' },
    'a newsletter': {
      headers: ['List-Id: <news.example>', 'List-Unsubscribe: <https://news.example/u>', 'Precedence: bulk'],
    },
    'an automatic answer': { headers: ['Auto-Submitted: auto-replied'] },
    'a teammate as a customer': { from: 'Priya <priya@elm.example>' },
  } satisfies Record<string, Partial<Letter>>;
  test.each(Object.entries(letters))('of %s is what happens to it', async (_, given) => {
    const world = await openWorld();
    const raw = letter(given);
    const explained = await explain(world, raw);
    world.deliver(INBOX, raw);
    await world.settle();
    const { last, state } = outcome(world);
    expect(explained.disposition).toBe(last.disposition);
    expect(explained.kind).toBe(last.kind);
    expect(explained).toMatchObject({
      offerTo: state?.offer?.to ?? null,
      chain: state?.chain ?? [],
      category: state?.classified?.category ?? null,
      rule: state?.classified?.ruleId ?? null,
      confidence: state?.classified?.ruleId == null ? null : 1,
      accountable: state?.accountable ?? null,
    });
    const late = (explained.acceptBy ?? 0) - (state?.offer?.acceptBy ?? 0);
    expect(Math.abs(late)).toBeLessThan(MINUTE / 60);
  });

  test('writes nothing', async () => {
    const world = await openWorld();
    await explain(world, letter());
    expect([...world.store.conversations()]).toEqual([]);
    expect([...world.store.messages()]).toEqual([]);
  });

  test('names the request that an answer belongs to, and by what', async () => {
    const world = await openWorld();
    world.deliver(INBOX, letter({ messageId: 'first@example.com' }));
    await world.settle();
    const answers = { messageId: 'first@example.com', references: [] };
    const answer = await explain(world, letter({ subject: 'Re: Leak under kitchen sink', answers }));
    expect(answer).toMatchObject({ disposition: 'follow-up', conversation: 1001, offerTo: 'priya' });
    expect(textOf(answer, 'thread')).toBe('it belongs to #1001: it answers a mail that is here');
    const { id = 0 } = [...world.store.conversations()][0] ?? {};
    expect(id).toBe(1001);
  });

  test('of an answer about something else names what it follows', async () => {
    const world = await openWorld();
    world.deliver(INBOX, letter({ messageId: 'old@example.com' }));
    await world.settle();
    const answers = { messageId: 'old@example.com', references: [] };
    const other = await explain(world, letter({ subject: 'Parking permit', answers }));
    expect(other).toMatchObject({
      disposition: 'request',
      conversation: null,
      follows: { conversationId: 1001, why: 'other-subject' },
    });
    expect(textOf(other, 'verdict')).toBe('answers #1001, and is about something else');
  });

  test('of a mail that is here already is said as if it came now', async () => {
    const world = await openWorld();
    const raw = letter();
    world.deliver(INBOX, raw);
    await world.settle();
    const again = await explain(world, raw);
    expect(again).toMatchObject({ disposition: 'request', conversation: null, offerTo: 'priya' });
    expect(textOf(again, 'database')).toContain('here already, as message 1, in #1001');
  });

  test('counts the absences and the hours of the time that is asked about', async () => {
    const world = await openWorld();
    const plain = { subject: 'Hello', text: 'Is anybody there?' };
    const working = await explain(world, letter(plain));
    world.clock.advance(5 * DAY);
    const weekend = await explain(world, letter(plain));
    expect((working.acceptBy ?? 0) - MONDAY).toBeLessThan(DAY);
    expect((weekend.acceptBy ?? 0) - world.clock.now()).toBeGreaterThan(DAY);
    expect(textOf(weekend, 'offer')).toContain('who does not work just now');
  });

  test('tells the way up: who is waited for how long, and what follows once somebody has it', async () => {
    const world = await openWorld();
    const told = await explain(world, letter());
    expect(told.trace.find(({ step }) => step === 'ladder')).toEqual({
      step: 'ladder',
      code: 'usual',
      text:
        'while nobody accepts: @priya for 15m, then @luis for 15m, then @sam for 15m, then @leah for 15m, then the final manager; ' +
        'once somebody has it: its owner again after 90d, then whoever stands in for them, then the front desk, then the final manager',
    });
  });

  test('needs nothing that is known', async () => {
    const world = await openWorld();
    const mail = await parseInProcess(letter());
    const deps = { policy: world.policy, model: NoModel, secret: '', newTextId: () => 'none' };
    const alone = await explainMessage(deps, NothingKnown, { mail, inboxId: INBOX, at: MONDAY });
    expect(alone).toMatchObject({ disposition: 'request', offerTo: 'priya', rule: 'leaks' });
  });
});
