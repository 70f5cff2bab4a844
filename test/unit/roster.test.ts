import { describe, expect, it } from 'vitest';
import { DAY, fromIso } from '../../src/domain/instant.ts';
import {
  finalManagerAt,
  isAvailable,
  isManagerOf,
  memberByAddress,
  onCallAt,
  resolveName,
  triageLeadAt,
} from '../../src/domain/roster.ts';
import { member, policy } from '../support/roster.ts';
import { schedule } from '../support/schedules.ts';

const now = fromIso('2026-11-20T12:00:00Z');
const away = schedule('Europe/Berlin', { absences: [{ from: now, until: now + DAY }] });

const firm = policy({
  members: [
    member('priya', { name: 'Priya Raman', addresses: ['priya@elm.example', 'p.raman@home.example'] }),
    member('sam', { name: 'Sam Carter' }),
    member('sam-lee', { name: 'Sam Lee', aliases: ['The Plumber', 'Sammy'] }),
    member('jose', { name: 'José Núñez' }),
    member('mueller', { name: 'Jörg Müller' }),
    member('soren', { name: 'Søren Strauß' }),
    member('vdb', { name: 'Anna van der Berg' }),
    member('luis', { name: 'Luis Ortiz', active: false }),
    member('lu', { name: 'Lu Chen' }),
    member('olga', { name: 'Olga Chen', active: false }),
  ],
});

const found = (typed: string): unknown => {
  const result = resolveName(firm, typed);
  if (result.type === 'one' || result.type === 'inactive') return [result.type, result.member.id];
  const people = result.type === 'several' ? result.members : result.closest;
  return [result.type, ...people.map(({ id }) => id)];
};

describe('names that a colleague typed', () => {
  it.each([
    ['priya', 'priya'],
    ['PRIYA', 'priya'],
    ['Raman', 'priya'],
    [' priya   raman ', 'priya'],
    ['P.Raman@Home.example', 'priya'],
    ['"Priya Raman" <priya@elm.example>', 'priya'],
    ['@priya.', 'priya'],
    ['sam carter', 'sam'],
    ['sam-lee', 'sam-lee'],
    ['the plumber', 'sam-lee'],
    ['jose', 'jose'],
    ['José', 'jose'],
    ['Jose\u0301 Nunez', 'jose'],
    ['Muller', 'mueller'],
    ['Mueller', 'mueller'],
    ['Joerg Mueller', 'mueller'],
    ['Soren Strauss', 'soren'],
    ['van der Berg', 'vdb'],
    ['berg', 'vdb'],
    ['chen', 'lu'],
  ])('%j is exactly one person', (typed, id) => {
    expect(found(typed)).toEqual(['one', id]);
  });

  it.each([
    ['S\u0430m Carter', 'a Cyrillic a'],
    ['\u0405am Carter', 'a Cyrillic S'],
    ['pri\u0443a', 'a Cyrillic u for y'],
    ['\u03a1riya', 'a Greek Rho'],
    ['priya@elm.exampl\u0435', 'a Cyrillic e in an address'],
    ['\u202eayirp', 'letters turned around'],
    ['pr1ya', 'a digit'],
    ['priya\u0000', 'a control character'],
  ])('%j is nobody: %s only looks the same', (typed) => {
    expect(found(typed)).toMatchObject({ 0: 'none' });
  });

  it.each([
    ['\u200bPriya', 'a zero-width space'],
    ['Pri\u00adya', 'a soft hyphen'],
    ['\u2068Priya\u2069', 'isolates, as mail programs put them around names'],
    ['\u200ePriya\u200f', 'direction marks'],
    ['\ufeffpriya@elm.example', 'a byte order mark'],
    ['Sam\u00a0Carter', 'a no-break space'],
    ['Ｐｒｉｙａ', 'wide letters'],
  ])('%j is the person whose name is read there, whatever is written along with it: %s', (typed) => {
    expect(found(typed)).toMatchObject({ 0: 'one' });
  });

  it('of two people whose names look alike find the one whose letters they are', () => {
    const twins = policy({ members: [member('sam', { name: 'Sam' }), member('cam', { name: 'С\u0430м' })] });
    expect(resolveName(twins, 'sam')).toMatchObject({ type: 'one', member: { id: 'sam' } });
    expect(resolveName(twins, 'С\u0430м')).toMatchObject({ type: 'one', member: { id: 'cam' } });
  });

  it('are a question when two answer to them, even where one has the id', () => {
    expect(found('sam')).toEqual(['several', 'sam', 'sam-lee']);
  });

  it('are settled by an alias that somebody configured for one of them', () => {
    const settled = policy({
      members: [
        member('sam', { name: 'Sam Carter' }),
        member('sam-lee', { name: 'Sam Lee', aliases: ['sam'] }),
      ],
    });
    expect(resolveName(settled, 'Sam')).toMatchObject({ type: 'one', member: { id: 'sam-lee' } });
  });

  it('find who has left as having left, but only when nobody here is meant', () => {
    expect(found('luis')).toEqual(['inactive', 'luis']);
    expect(found('olga chen')).toEqual(['inactive', 'olga']);
    expect(found('chen')).toEqual(['one', 'lu']);
  });

  it.each([
    ['pria', ['priya']],
    ['priy', ['priya']],
    ['Raman P', ['priya']],
    ['sam cart', ['sam']],
    ['samm', ['sam-lee', 'sam']],
    ['zebra', []],
    ['', []],
    ['...', []],
    ['luiz', []],
  ])('%j is nobody and only raises the question whether %j was meant', (typed, ids) => {
    const [type, ...closest] = found(typed) as string[];
    expect(type).toBe('none');
    expect(new Set(closest)).toEqual(new Set(ids));
  });

  it('are nobody when they are as long as a mail', () => {
    expect(resolveName(firm, 'priya '.repeat(200_000))).toEqual({ type: 'none', closest: [] });
  });

  it('ask about three at most', () => {
    const many = policy({ members: ['anna', 'anne', 'anni', 'anno', 'annu'].map((id) => member(id)) });
    expect(resolveName(many, 'ann')).toMatchObject({ type: 'none', closest: { length: 3 } });
  });
});

describe('members by address', () => {
  it('are found by any of their addresses in any case', () => {
    expect(memberByAddress(firm, 'P.RAMAN@home.example')?.id).toBe('priya');
    expect(memberByAddress(firm, 'nobody@home.example')).toBeNull();
  });

  it('are not found once they have left, unless asked for', () => {
    expect(memberByAddress(firm, 'luis@elm.example')).toBeNull();
    expect(memberByAddress(firm, 'luis@elm.example', { includeInactive: true })?.id).toBe('luis');
  });

  it('are the active one where somebody took over the address of one who left', () => {
    const heir = policy({
      members: [
        member('old', { addresses: ['desk@elm.example'], active: false }),
        member('new', { addresses: ['desk@elm.example'] }),
      ],
    });
    expect(memberByAddress(heir, 'desk@elm.example', { includeInactive: true })?.id).toBe('new');
  });
});

describe('being available', () => {
  it('means in the team and not away, at whatever hour', () => {
    expect(isAvailable(member('a'), fromIso('2026-11-22T03:00:00Z'))).toBe(true);
    expect(isAvailable(member('a', { active: false }), now)).toBe(false);
    expect(isAvailable(member('a', { schedule: away }), now)).toBe(false);
    expect(isAvailable(member('a', { schedule: away }), now + DAY)).toBe(true);
  });
});

describe('the triage lead', () => {
  const rota = (timeZone: string) =>
    policy({
      members: [],
      inbox: {
        timeZone,
        triage: { type: 'weekly', members: ['ann', 'bob', 'cem'], firstMonday: '2026-11-02' },
      },
    });

  it.each([
    ['2026-11-02T00:00:00+01:00', 'ann'],
    ['2026-11-08T23:59:59+01:00', 'ann'],
    ['2026-11-09T00:00:00+01:00', 'bob'],
    ['2026-11-20T12:00:00+01:00', 'cem'],
    ['2026-11-23T00:00:00+01:00', 'ann'],
    ['2026-11-01T23:59:59+01:00', 'cem'],
    ['2026-10-25T23:59:59+01:00', 'bob'],
    ['2026-10-12T00:00:00+02:00', 'ann'],
    ['2027-03-29T00:00:00+02:00', 'ann'],
    ['2027-03-28T23:59:59+02:00', 'cem'],
  ])('of the week of %s is %s', (at, lead) => {
    expect(triageLeadAt(rota('Europe/Berlin'), 'office', fromIso(at))).toBe(lead);
  });

  it('changes at midnight of the inbox, wherever that is', () => {
    const at = fromIso('2026-11-08T23:30:00Z');
    expect(triageLeadAt(rota('Europe/Berlin'), 'office', at)).toBe('bob');
    expect(triageLeadAt(rota('America/New_York'), 'office', at)).toBe('ann');
  });

  it('is the one member where there is no rota, away or not', () => {
    const alone = policy({ members: [member('leah', { schedule: away })] });
    expect(triageLeadAt(alone, 'office', now)).toBe('leah');
  });

  it('of an unknown inbox or an empty rota is a bug', () => {
    const empty = policy({
      members: [],
      inbox: { triage: { type: 'weekly', members: [], firstMonday: '2026-11-02' } },
    });
    expect(() => triageLeadAt(empty, 'office', now)).toThrow(RangeError);
    expect(() => triageLeadAt(empty, 'other', now)).toThrow(RangeError);
  });
});

describe('who is on call', () => {
  const members = ['ann', 'bob', 'leah', 'dana', 'mona', 'cora'].map((id) => member(id));
  const onCall = (handover?: string) =>
    policy({
      members,
      inbox: {
        onCall: {
          type: 'weekly',
          members: ['ann', 'bob'],
          firstMonday: '2026-03-02',
          ...(handover !== undefined && { handover }),
        },
      },
    });

  it('changes on Monday at the hour of the handover, in the zone of the inbox', () => {
    const [before, after] = [fromIso('2026-03-09T06:59:59Z'), fromIso('2026-03-09T07:00:00Z')];
    expect(onCallAt(onCall('08:00'), 'office', before)).toBe('ann');
    expect(onCallAt(onCall('08:00'), 'office', after)).toBe('bob');
    expect(onCallAt(onCall(), 'office', before)).toBe('bob');
  });

  it('is nobody where the configuration names nobody', () => {
    expect(onCallAt(policy({ members }), 'office', now)).toBeNull();
  });
});

describe('the final manager', () => {
  const managers = (dana: Parameters<typeof member>[1], cora: Parameters<typeof member>[1]) =>
    policy({ members: [member('dana', dana), member('cora', cora), member('mona'), member('leah')] });

  it.each([
    ['here', {}, {}, 'dana'],
    ['away with a cover', { schedule: away }, {}, 'cora'],
    ['gone with a cover', { active: false }, {}, 'cora'],
    ['away like their cover, while another manager is here', { schedule: away }, { schedule: away }, 'mona'],
    ['away and their cover gone', { schedule: away }, { active: false }, 'mona'],
    [
      'away, and who stands in for them, before other managers',
      { schedule: away, backup: 'leah' },
      { schedule: away },
      'leah',
    ],
  ])('when %s', (_, dana, cora, id) => {
    expect(finalManagerAt(managers(dana, cora), 'office', now)).toBe(id);
  });

  it('did not write the request, unless nobody else is here', () => {
    const decides = (dana: Parameters<typeof member>[1], mona: Parameters<typeof member>[1]) => {
      const all = [member('dana', dana), member('cora', { schedule: away }), member('mona', mona)];
      return finalManagerAt(policy({ members: all }), 'office', now, 'dana');
    };
    expect(decides({}, {})).toBe('mona');
    expect(decides({}, { schedule: away })).toBe('dana');
  });

  it('without a cover stays it while away', () => {
    const alone = policy({
      members: [member('dana', { schedule: away })],
      inbox: { finalManagerCover: null },
    });
    expect(finalManagerAt(alone, 'office', now)).toBe('dana');
  });

  it('the cover and the managers may decide, the others and who has left may not', () => {
    const here = managers({}, {});
    for (const id of ['dana', 'cora', 'mona']) expect(isManagerOf(here, id, 'office')).toBe(true);
    for (const id of ['leah', 'nobody']) expect(isManagerOf(here, id, 'office')).toBe(false);
    expect(isManagerOf(managers({ active: false }, {}), 'dana', 'office')).toBe(false);
  });
});
