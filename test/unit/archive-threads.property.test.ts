import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ArchivedMail, threadArchive } from '../../src/domain/archive-threads.ts';
import { DAY } from '../../src/domain/instant.ts';

const ids = fc.constantFrom('a@x', 'b@x', 'c@x', 'd@x', 'e@x', 'f@x', 'gone@x', 'maria@x.example');
const people = fc.constantFrom('maria@x.example', 'joe@x.example', 'office@elm.example').map((address) => ({
  name: '',
  address,
}));
const mails: fc.Arbitrary<ArchivedMail> = fc.record({
  messageId: fc.option(ids),
  inReplyTo: fc.array(ids, { maxLength: 2 }),
  references: fc.array(ids, { maxLength: 4 }),
  subject: fc.constantFrom('Leak', 'Re: Leak', '[list] Re: Leak', 'Parking', 'Re: Parking', ''),
  date: fc.option(fc.integer({ min: 0, max: 90 }).map((day) => day * DAY)),
  from: fc.array(people, { minLength: 1, maxLength: 1 }),
  to: fc.array(people, { maxLength: 2 }),
  cc: fc.array(people, { maxLength: 1 }),
  bodyHash: fc.string({ minLength: 8, maxLength: 8 }),
  quotes: fc.boolean(),
});

/** Which mails are together, whatever the numbers. */
function partition(archive: readonly ArchivedMail[], order: readonly number[]): string {
  const threads = threadArchive(order.flatMap((at) => archive[at] ?? []));
  const groups = Map.groupBy(order.keys(), (place) => threads[place]?.conversation);
  const sorted = [...groups.values()].map((places) => places.map((place) => order[place] ?? -1));
  return sorted
    .map((places) => String(places.sort((a, b) => a - b)))
    .sort()
    .join(' | ');
}

it('which mails of an archive are together does not depend on the order in which they are read', () => {
  const archives = fc
    .uniqueArray(mails, { maxLength: 12, selector: ({ bodyHash }) => bodyHash })
    .chain((archive) =>
      fc.record({
        archive: fc.constant(archive),
        order: fc.shuffledSubarray([...archive.keys()], { minLength: archive.length }),
      }),
    );
  fc.assert(
    fc.property(archives, ({ archive, order }) => {
      expect(partition(archive, order)).toBe(partition(archive, [...archive.keys()]));
    }),
    { numRuns: 500 },
  );
});

it('two customers who write to one address never meet by their subject alone', () => {
  const customer = fc.record({
    from: fc.constantFrom('maria@x.example', 'joe@x.example', 'ann@x.example'),
    subject: fc.constantFrom('Invoice', 'Re: Invoice', 'AW: Invoice', '[x] Re: Invoice'),
    day: fc.integer({ min: 0, max: 20 }),
    answered: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(customer, { maxLength: 20 }), (written) => {
      const office = { name: '', address: 'office@elm.example' };
      const archive = written.map(({ from, subject, day, answered }, at): ArchivedMail => {
        const address = { name: '', address: from };
        const [sender, to] = answered ? [office, address] : [address, office];
        const none = { messageId: `${at}@x`, inReplyTo: [], references: [], cc: [], quotes: true };
        return { ...none, subject, date: day * DAY, from: [sender], to: [to], bodyHash: String(at) };
      });
      const threads = threadArchive(archive);
      const customersOf = Map.groupBy(written.keys(), (at) => threads[at]?.conversation);
      for (const places of customersOf.values()) {
        expect(new Set(places.map((at) => written[at]?.from)).size).toBe(1);
      }
    }),
    { numRuns: 300 },
  );
});
