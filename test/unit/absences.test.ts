/** What becomes of told absences when people go away, come back and are asked to stand in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerCover,
  type Cover,
  comeBack,
  goAway,
  type ToldAbsence,
  withAbsences,
} from '../../src/domain/absences.ts';
import { DAY, HOUR } from '../../src/domain/instant.ts';
import { isAvailable, standInsFor } from '../../src/domain/roster.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';

const FRIDAY = MONDAY + 4 * DAY;
const NEXT_WEEK = MONDAY + 7 * DAY;

const told = (changes: Partial<ToldAbsence> = {}): ToldAbsence => ({
  id: 1,
  member: 'sam',
  from: MONDAY - DAY,
  until: FRIDAY,
  cover: null,
  by: 'sam',
  endedAt: null,
  ...changes,
});

const luis = (answer: Cover['answer']): Cover => ({ member: 'luis', answer });
const going = { member: 'sam', from: null, until: FRIDAY, cover: null, by: 'sam' };

describe('going away', () => {
  it('begins now, and asks whoever is named to stand in', () => {
    expect(goAway([], { ...going, cover: 'luis' }, MONDAY, 7)).toEqual({
      absence: told({ id: 7, from: MONDAY, cover: luis('asked') }),
      ended: [],
      was: null,
      ask: 'luis',
    });
  });

  it('replaces the end of the absence that was told before, later or earlier', () => {
    for (const until of [NEXT_WEEK, MONDAY + HOUR]) {
      expect(goAway([told()], { ...going, until, by: 'dana' }, MONDAY, 7)).toEqual({
        absence: told({ until, by: 'dana' }),
        ended: [],
        was: told(),
        ask: null,
      });
    }
  });

  it('said twice changes nothing', () => {
    expect(goAway([told()], going, MONDAY, 7)).toBeNull();
    expect(goAway([told({ cover: luis('agreed') })], { ...going, cover: 'luis' }, MONDAY, 7)).toBeNull();
  });

  it('ends what was told twice at once, so that one absence is left', () => {
    const gone = goAway([told(), told({ id: 2 })], { ...going, until: NEXT_WEEK }, MONDAY, 7);
    expect(gone?.absence.id).toBe(2);
    expect(gone?.ended).toEqual([told({ endedAt: MONDAY })]);
  });

  it.each<[string, Cover | null, { until?: number; cover?: string }, Cover | null, string | null]>([
    [
      'keeps the cover who agreed when it becomes shorter',
      luis('agreed'),
      { until: MONDAY + DAY },
      luis('agreed'),
      null,
    ],
    [
      'asks the cover again when it becomes longer',
      luis('agreed'),
      { until: NEXT_WEEK },
      luis('asked'),
      'luis',
    ],
    [
      'does not ask again who declined and is not named',
      luis('declined'),
      { until: NEXT_WEEK },
      luis('declined'),
      null,
    ],
    [
      'asks again who declined and is named again',
      luis('declined'),
      { cover: 'luis' },
      luis('asked'),
      'luis',
    ],
    [
      'asks somebody else who is named',
      luis('agreed'),
      { cover: 'leah' },
      { member: 'leah', answer: 'asked' },
      'leah',
    ],
    ['asks whoever is named for an absence without a cover', null, { cover: 'luis' }, luis('asked'), 'luis'],
  ])('%s', (_, before, wish, cover, ask) => {
    const gone = goAway([told({ cover: before })], { ...going, ...wish }, MONDAY, 7);
    expect(gone?.absence.cover).toEqual(cover);
    expect(gone?.ask).toBe(ask);
  });

  it('leaves nobody as a cover who agreed to less than it', () => {
    const day = fc.integer({ min: 1, max: 20 }).map((days) => MONDAY + days * DAY);
    const wish = fc.record({
      until: day,
      cover: fc.constantFrom(null, 'luis', 'leah'),
      agrees: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 12 }), (wishes) => {
        let now: ToldAbsence[] = [];
        const agreedTo = new Map<string, number>();
        for (const { until, cover, agrees } of wishes) {
          const gone = goAway(now, { ...going, until, cover }, MONDAY, 1);
          if (gone === null) continue;
          const { absence, ask } = gone;
          if (ask !== null && agrees) agreedTo.set(ask, until);
          now = [(ask === null ? null : answerCover(absence, ask, agrees)) ?? absence];
          const [only] = now;
          if (only?.cover?.answer !== 'agreed') continue;
          expect(agreedTo.get(only.cover.member)).toBeGreaterThanOrEqual(only.until);
        }
      }),
    );
  });
});

describe('going away later', () => {
  const later = { ...going, from: FRIDAY, until: NEXT_WEEK };
  const coming = (changes: Partial<ToldAbsence> = {}): ToldAbsence =>
    told({ from: FRIDAY, until: NEXT_WEEK, ...changes });

  it('begins then, beside an absence that has begun, and asks the cover at once', () => {
    const gone = goAway([told({ until: FRIDAY + DAY })], { ...later, cover: 'luis' }, MONDAY, 7);
    expect(gone).toEqual({
      absence: coming({ id: 7, cover: luis('asked') }),
      ended: [],
      was: null,
      ask: 'luis',
    });
  });

  it('begins now when its beginning is over', () => {
    expect(goAway([], { ...later, from: MONDAY - DAY }, MONDAY, 7)?.absence.from).toBe(MONDAY);
  });

  it('replaces the one to come that it overlaps, and asks its cover again', () => {
    const before = coming({ cover: luis('agreed') });
    const gone = goAway([before], { ...later, from: FRIDAY + DAY }, MONDAY, 7);
    expect(gone?.ended).toEqual([{ ...before, endedAt: MONDAY }]);
    expect(gone?.was).toEqual(before);
    expect(gone?.absence).toMatchObject({ id: 7, from: FRIDAY + DAY, cover: luis('asked') });
    expect(gone?.ask).toBe('luis');
  });

  it('leaves alone what it does not overlap', () => {
    const apart = coming({ from: NEXT_WEEK, until: NEXT_WEEK + DAY });
    expect(goAway([apart], later, MONDAY, 7)).toMatchObject({ ended: [], was: null, absence: { id: 7 } });
  });

  it('is part of an absence from now on that reaches beyond it', () => {
    const gone = goAway([coming()], { ...going, until: NEXT_WEEK + DAY }, MONDAY, 7);
    expect(gone?.ended).toEqual([coming({ endedAt: MONDAY })]);
  });

  it('said in any order, counts as it was said last, and no two to come overlap', () => {
    const day = fc.integer({ min: -2, max: 14 });
    const wish = fc.record({ from: fc.option(day), length: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 12 }), (wishes) => {
        let known: ToldAbsence[] = [];
        for (const [at, { from, length }] of wishes.entries()) {
          const begins = Math.max(MONDAY, MONDAY + (from ?? 0) * DAY);
          const span = {
            ...going,
            from: from === null ? null : MONDAY + from * DAY,
            until: begins + length * DAY,
          };
          const gone = goAway(known, span, MONDAY, at + 1);
          if (gone !== null) {
            const changed = [...gone.ended, gone.absence];
            known = [...known.filter(({ id }) => changed.every((one) => one.id !== id)), ...changed];
            known = known.filter(({ endedAt }) => endedAt === null);
          }
          expect(goAway(known, span, MONDAY, 99)).toBeNull();
          const isAway = (day: number) => known.some((one) => one.from <= day && day < one.until);
          for (let day = begins; day < span.until; day += DAY) expect(isAway(day)).toBe(true);
          const begun = known.filter((one) => one.from <= MONDAY);
          expect(begun.length).toBeLessThanOrEqual(1);
          const sorted = known.filter((one) => one.from > MONDAY).sort((a, b) => a.from - b.from);
          for (const [i, one] of sorted.entries()) {
            const next = sorted[i + 1];
            if (next !== undefined) expect(one.until).toBeLessThanOrEqual(next.from);
          }
        }
      }),
    );
  });
});

describe('coming back and answering', () => {
  it('ends every absence that has begun, and leaves those to come', () => {
    const both = [told(), told({ id: 2 })];
    const later = told({ id: 3, from: NEXT_WEEK, until: NEXT_WEEK + DAY });
    expect(comeBack([...both, later], MONDAY)).toEqual({
      ended: both.map((one) => ({ ...one, endedAt: MONDAY })),
      coming: [later],
    });
  });

  it('takes back the next absence to come, of whoever is here', () => {
    const next = told({ id: 2, from: FRIDAY, until: FRIDAY + DAY });
    const later = told({ id: 1, from: NEXT_WEEK, until: NEXT_WEEK + DAY });
    expect(comeBack([later, next], MONDAY)).toEqual({
      ended: [{ ...next, endedAt: MONDAY }],
      coming: [later],
    });
    expect(comeBack([], MONDAY)).toEqual({ ended: [], coming: [] });
  });

  it('is up to the one who is asked, who may change their mind and is told nothing new by the same word', () => {
    const asked = told({ cover: luis('asked') });
    const agreed = answerCover(asked, 'luis', true);
    expect(agreed?.cover).toEqual(luis('agreed'));
    expect(answerCover(asked, 'leah', true)).toBeNull();
    expect(answerCover(told(), 'luis', true)).toBeNull();
    expect(agreed && answerCover(agreed, 'luis', true)).toBeNull();
    expect(agreed && answerCover(agreed, 'luis', false)?.cover).toEqual(luis('declined'));
  });
});

describe('the policy with people away', () => {
  const policy = testPolicy({ members: { sam: { backup: 'priya' } } });

  it('is the same when nobody is', () => {
    expect(withAbsences(policy, [])).toBe(policy);
    expect(withAbsences(policy, [told({ member: 'nobody' })]).members).toEqual(policy.members);
  });

  it('has them away from the beginning to before the end', () => {
    const away = withAbsences(policy, [told({ from: MONDAY })]);
    const at = (instant: number) => {
      const sam = away.members.get('sam');
      return sam !== undefined && isAvailable(sam, instant);
    };
    expect([MONDAY - 1, MONDAY, FRIDAY - 1, FRIDAY].map(at)).toEqual([true, false, false, true]);
  });

  it.each<[string, Cover | null, string[]]>([
    ['agreed', luis('agreed'), ['luis', 'priya']],
    ['was only asked', luis('asked'), ['priya']],
    ['declined', luis('declined'), ['priya']],
    ['was never named', null, ['priya']],
  ])('has a cover who %s stand in accordingly', (_, cover, people) => {
    expect(standInsFor(withAbsences(policy, [told({ cover })]), 'sam', MONDAY)).toEqual(people);
  });

  it('has whoever stands in for a cover who is away as well come in their place, and ends where they go round', () => {
    const away = withAbsences(policy, [
      told({ cover: luis('agreed') }),
      told({ member: 'luis', cover: { member: 'leah', answer: 'agreed' } }),
      told({ member: 'priya', cover: { member: 'sam', answer: 'agreed' } }),
    ]);
    expect(standInsFor(away, 'sam', MONDAY)).toEqual(['leah']);
    const all = withAbsences(away, [told({ member: 'leah', cover: luis('agreed') })]);
    expect(standInsFor(all, 'sam', MONDAY)).toEqual([]);
  });
});
