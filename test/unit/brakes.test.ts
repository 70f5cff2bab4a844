/** Caps on automatic mail: the counting, for any sequence of arrivals. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AutomaticMail,
  brakesOn,
  type Caps,
  type CountedMail,
  DEFAULT_CAPS,
  isAutomatic,
  mailboxOf,
  type Rate,
  SAID_SPAN,
  tallyOf,
} from '../../src/domain/brakes.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../src/domain/instant.ts';

describe('one mailbox', () => {
  test.each([
    ['Maria@Example.com', 'maria@example.com'],
    ['maria+shop@example.com', 'maria@example.com'],
    ['maria+a+b@example.com', 'maria@example.com'],
    ['+48123@example.com', '+48123@example.com'],
    ['ma.ria@example.com', 'ma.ria@example.com'],
    ['m.a.r.i.a+x@googlemail.com', 'maria@gmail.com'],
  ])('%s is %s', (address, mailbox) => {
    expect(mailboxOf(address)).toBe(mailbox);
  });
});

test('what a member wrote to a customer, or asks somebody outside, is not counted', () => {
  const to = (type: 'customer' | 'contact', body: object) =>
    isAutomatic({ recipient: { type, contact: 'c' } as never, body: body as never });
  expect(to('customer', { kind: 'customer-reply' })).toBe(false);
  expect(to('contact', { kind: 'outside-help' })).toBe(false);
  for (const kind of ['acknowledgement', 'owner-named', 'delay', 'finished', 'outside-reminder'])
    expect(to('customer', { kind })).toBe(true);
  expect(
    isAutomatic({ recipient: { type: 'member', member: 'priya' }, body: { kind: 'offer' } as never }),
  ).toBe(false);
});

const SMALL: Caps = {
  address: { hour: 3, day: 7 },
  request: { hour: 4, day: 8 },
  unproved: { hour: 5, day: 9 },
  overall: { hour: 6, day: 12 },
  member: { hour: 30 },
};

const SPELLINGS = [
  'maria@x.example',
  'Maria+1@x.example',
  'MARIA+news@X.example',
  'ann@x.example',
  'bo.b@gmail.com',
  'bob@googlemail.com',
];

const arrival = fc.record({
  address: fc.constantFrom(...SPELLINGS),
  conversationId: fc.option(fc.integer({ min: 1, max: 3 })),
  proved: fc.boolean(),
  flat: fc.option(fc.integer({ min: 1, max: 3 })),
  /** Mails of one batch are counted at one instant. */
  pause: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 40 * MINUTE }),
    fc.integer({ min: 1, max: 9 * HOUR }),
  ),
});

/** Everything that went out, counted by batches of mails between which no time passed. */
function run(
  arrivals: readonly (typeof arrival extends fc.Arbitrary<infer T> ? T : never)[],
  caps: Caps,
): CountedMail[] {
  const sent: CountedMail[] = [];
  let now: Instant = 1_000 * DAY;
  let batch: AutomaticMail[] = [];
  const flush = (): void => {
    const asked = batch.map((mail) => ({ mail, caps, before: tallyOf(mail, sent, now) }));
    const brakes = brakesOn(asked, now);
    sent.push(...batch.filter(({ id }) => brakes.get(id) === null).map((mail) => ({ ...mail, at: now })));
    batch = [];
  };
  for (const [at, { address, conversationId, proved, flat, pause }] of arrivals.entries()) {
    if (pause > 0) flush();
    now += pause;
    const answers = flat === null ? null : { words: `flat ${flat}`, form: 'flat 0' };
    batch.push({
      id: at + 1,
      recipient: mailboxOf(address),
      conversationId,
      proved,
      answers,
      tellsMore: false,
    });
  }
  flush();
  return sent;
}

/** The most that any half-open span of this length holds. */
const most = (mails: readonly CountedMail[], span: number): number =>
  Math.max(
    0,
    ...mails.map(({ at }) => mails.filter((other) => other.at <= at && other.at > at - span).length),
  );

test('for any sequence of arrivals no hour and no day holds more than a cap, however addresses are spelt', () => {
  const holds = (mails: readonly CountedMail[], { hour, day }: Rate): void => {
    expect(most(mails, HOUR)).toBeLessThanOrEqual(hour);
    expect(most(mails, DAY)).toBeLessThanOrEqual(day);
  };
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 60 }), (arrivals) => {
      const sent = run(arrivals, SMALL);
      for (const to of Map.groupBy(sent, ({ recipient }) => recipient).values()) {
        holds(to, SMALL.address);
        const said = to.filter(({ answers }) => answers !== null);
        expect(most(said, SAID_SPAN)).toBeLessThanOrEqual(3);
        for (const same of Map.groupBy(said, ({ answers }) => answers?.words).values())
          expect(most(same, SAID_SPAN)).toBeLessThanOrEqual(1);
      }
      for (const [request, about] of Map.groupBy(sent, ({ conversationId }) => conversationId))
        if (request !== null) holds(about, SMALL.request);
      holds(
        sent.filter(({ proved }) => !proved),
        SMALL.unproved,
      );
      holds(sent, SMALL.overall);
    }),
    { numRuns: 300 },
  );
});

test('what stays below every cap goes out, all of it', () => {
  const few = Array.from({ length: 3 }, (_, at) => ({
    ...{ address: 'maria@x.example', conversationId: at + 1, proved: true, flat: null, pause: MINUTE },
  }));
  expect(run(few, DEFAULT_CAPS)).toHaveLength(3);
});
