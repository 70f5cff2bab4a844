/** Of any mails whatever: each request is one of three, and neither their order nor copies of them change anything. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, fromIso, HOUR } from '../../src/domain/instant.ts';
import { lookBack } from '../../src/domain/look-back/look-back.ts';
import { oursByPolicy } from '../../src/domain/look-back/ours.ts';
import type { PastMail } from '../../src/domain/look-back/past-mail.ts';
import { testPolicy } from '../support/policy.ts';

const START = fromIso('2026-03-02T08:00:00Z');
const Policy = testPolicy();
const Question = {
  ours: oursByPolicy(Policy),
  policy: Policy,
  from: START,
  until: START + 20 * DAY,
  grace: DAY,
};
const ADDRESSES = [
  ...[...Policy.inboxes.values()].map(({ address }) => address),
  ...['priya@elm.example', 'p@home.example', 'sam@elm.example'],
  ...['maria@mail.example', 'joe@plumb.example', 'osei@mail.example'],
];
const address = fc.constantFrom(...ADDRESSES).map((one) => ({ name: '', address: one }));

/** Few ids and subjects, so that they meet; ids may name themselves and go in circles. */
const mails = fc
  .array(
    fc.record({
      id: fc.nat(15),
      from: address,
      to: fc.array(address, { minLength: 1, maxLength: 3 }),
      inReplyTo: fc.array(fc.nat(15), { maxLength: 2 }),
      subject: fc.constantFrom('Leak', 'Re: Leak', 'Key', ''),
      hour: fc.option(fc.integer({ min: -100, max: 600 }), { nil: null, freq: 20 }),
      person: fc.boolean(),
      onlyThanks: fc.boolean(),
      inSent: fc.boolean(),
    }),
    { maxLength: 25 },
  )
  .map((all) =>
    all.map(
      ({ id, from, to, inReplyTo, subject, hour, person, onlyThanks, inSent }, at): PastMail => ({
        messageId: `${id}@x`,
        inReplyTo: inReplyTo.map((one) => `${one}@x`),
        references: [],
        subject,
        date: hour === null ? null : START + hour * HOUR,
        from: [from],
        to,
        cc: [],
        bodyHash: `${at}`,
        quotes: false,
        identity: `${at}`,
        place: `place ${at}`,
        inSent,
        foundIn: null,
        replyTo: [],
        deliveredTo: [],
        person,
        customer: from,
        onlyThanks,
        ruled: null,
      }),
    ),
  );

test('every request is in exactly one of answered, waiting and needs none', () => {
  fc.assert(
    fc.property(mails, (all) => {
      for (const { requests, waiting, answered, needsNone } of lookBack(all, Question).inboxes) {
        expect(waiting.length + answered + needsNone).toBe(requests.length);
        expect(new Set(requests.map(({ opener }) => opener.identity)).size).toBe(requests.length);
        for (const { status, since, waited } of requests) {
          expect(since !== null).toBe(status === 'waiting');
          expect(waited).toBeGreaterThanOrEqual(0);
        }
      }
    }),
  );
});

test('the order in which past mails are read, and how many copies of them there are, changes nothing', () => {
  const shuffled = mails.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray(all, { minLength: all.length }),
      fc.subarray(all).map((some) => some.map((one) => ({ ...one, place: `place ${one.identity} too` }))),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([all, other, copies]) => {
      expect(lookBack([...copies, ...other], Question)).toEqual(lookBack(all, Question));
    }),
  );
});

test('a time is told of a share that had an answer, and never of one that is not reached', () => {
  fc.assert(
    fc.property(mails, (all) => {
      for (const { firstAnswer } of lookBack(all, Question).inboxes) {
        for (const { count, waiting, half, most } of [
          firstAnswer.wall,
          firstAnswer.working ?? firstAnswer.wall,
        ]) {
          expect(half === null).toBe(count === 0);
          expect(half === 'not-yet').toBe((count - waiting) * 2 < count);
          if (most !== null) expect(most === 'not-yet').toBe((count - waiting) * 10 < count * 9);
        }
      }
    }),
  );
});
