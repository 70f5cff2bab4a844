/** The judge of several hosts sees every fault that is planted, and nothing where all is well. */
import { describe, expect, test } from 'vitest';
import type { Event } from '../chaos/hosts/events.ts';
import { planFaults } from '../chaos/hosts/events.ts';
import { type Evidence, judgeHosts } from '../chaos/hosts/judge.ts';
import { buildLines, cutLine, lossLines } from '../chaos/hosts/network.ts';
import { picture } from '../chaos/hosts/picture.ts';
import type { Note } from '../chaos/hosts/witness.ts';

const note = (
  host: Note['host'],
  deed: Note['deed'],
  turn: number,
  leaseLeft: number | null = null,
): Note => ({
  ...{ at: 0, host, deed, id: 1, turn, leaseLeft },
});
const NOTES: readonly Note[] = [
  note('a', 'took', 1),
  note('a', 'moved', 1),
  note('b', 'took', 2, -100),
  note('b', 'moved', 2),
  note('a', 'claimed', 1),
  note('a', 'began', 1),
  note('b', 'claimed', 2, -5),
  note('b', 'began', 2),
  note('a', 'ended', 1),
  note('b', 'ended', 2),
];
const EVENT: Event = {
  ...{ what: 'cut off', host: 'a', lastedMs: 130_000, mustTakeOverMs: 30_000, takenOverMs: 21_000 },
  ...{ lettersMeanwhile: 130, confirmedMeanwhile: 125, slowestMs: 121_000 },
  ...{ backMs: 4_000, caughtUpMs: 0, backWithinMs: 330_000 },
};
const WELL: Evidence = {
  ...{ notes: NOTES, events: [EVENT], violations: [], ended: [], deadAlone: [] },
  letters: { notConfirmed: 0, confirmedTwice: 0, wrongRows: 0 },
};

const faultsWith = (changes: Partial<Evidence>): string[] => judgeHosts({ ...WELL, ...changes });
const withNotes = (...more: Note[]): string[] => faultsWith({ notes: [...NOTES, ...more] });
const withEvent = (changes: Partial<Event>): string[] => faultsWith({ events: [{ ...EVENT, ...changes }] });

describe('the judge of several hosts', () => {
  test('finds nothing where leases were kept', () => {
    expect(judgeHosts(WELL)).toEqual([]);
  });

  test.each<[string, Note]>([
    ['a watch taken while another had it', note('c', 'took', 3, 9_000)],
    ['a watch of a turn that was over', note('c', 'took', 1)],
    ['a cursor moved under a watch that was lost', note('a', 'moved', 1)],
    ['a cursor moved under the watch of another', note('a', 'moved', 2)],
    ['a claim taken from whoever had it', note('c', 'claimed', 3, 60_000)],
    ['an attempt by whoever lost the claim', note('a', 'began', 3)],
    ['an attempt begun twice', note('b', 'began', 2)],
    ['an outcome of an attempt of another', note('a', 'ended', 2)],
  ])('sees %s', (_, fault) => {
    expect(withNotes(fault)).toHaveLength(1);
  });

  test.each<[string, string[]]>([
    ['what verify found', faultsWith({ violations: ['I4'] })],
    ['a worker that ended', faultsWith({ ended: ['The mailer of host b'] })],
    ['a host that hangs', faultsWith({ deadAlone: ['c'] })],
    ['a letter lost', faultsWith({ letters: { notConfirmed: 1, confirmedTwice: 0, wrongRows: 0 } })],
    [
      'a letter confirmed twice',
      faultsWith({ letters: { notConfirmed: 0, confirmedTwice: 1, wrongRows: 0 } }),
    ],
    ['a letter of two rows', faultsWith({ letters: { notConfirmed: 0, confirmedTwice: 0, wrongRows: 1 } })],
    ['a mailbox that nobody took over', withEvent({ takenOverMs: null })],
    ['a mailbox taken over late', withEvent({ takenOverMs: 31_000 })],
    ['a host that did not come back', withEvent({ backMs: null })],
    ['mail that stayed behind', withEvent({ caughtUpMs: 331_000 })],
  ])('tells of %s', (_, faults) => {
    expect(faults).toHaveLength(1);
  });
});

describe('the faults of the network', () => {
  test('are the same for a seed, and cut two hosts off first', () => {
    expect(planFaults(7)).toEqual(planFaults(7));
    expect(
      planFaults(7)
        .slice(0, 2)
        .map(({ servers }) => servers),
    ).toEqual([null, null]);
    expect(new Set(planFaults(7).map(({ what }) => what)).size).toBe(planFaults(8).length - 1);
  });

  test('are undone by the lines that made them', () => {
    const [made, undone] = (['add', 'del'] as const).map((what) =>
      lossLines('p', 'b', ['redis'], 'both', what),
    );
    expect(undone).toEqual(made?.map((line) => line.replace('add', 'del')));
    expect(lossLines('p', 'b', ['redis'], 'answers', 'add')).toEqual([
      '-n p-router rule add from 10.77.0.12 to 10.77.2.2 blackhole',
    ]);
    expect(cutLine('p', 'a', false)).toBe('-n p-router link set dev a down');
  });

  test('touch no network but their own', () => {
    const outside = buildLines('p').filter(
      (line) => !/^netns add p-|^-n p-|netns p-\w+ type veth .* netns p-/.test(line),
    );
    expect(outside).toEqual([]);
  });

  test('are drawn within the width of a page', () => {
    expect(Math.max(...picture().map((line) => line.length))).toBeLessThan(110);
  });
});
