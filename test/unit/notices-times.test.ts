import { describe, expect, it } from 'vitest';
import { fromIso } from '../../src/domain/instant.ts';
import { timeWords } from '../../src/domain/notices/times.ts';

const now = fromIso('2026-10-23T10:00:00Z');
const berlin = (iso: string): string => timeWords(fromIso(iso), now, 'Europe/Berlin');

describe('times in mails', () => {
  it('are a bare 24-hour clock today', () => {
    expect(berlin('2026-10-23T07:05:00Z')).toBe('9:05');
    expect(berlin('2026-10-22T22:00:00Z')).toBe('0:00');
  });

  it('name the weekday within six days either way, also across a change of the clocks', () => {
    expect(berlin('2026-10-26T08:40:00Z')).toBe('Mon 9:40');
    expect(berlin('2026-10-29T22:59:00Z')).toBe('Thu 23:59');
    expect(berlin('2026-10-17T10:00:00Z')).toBe('Sat 12:00');
  });

  it('name the date from a week on, since the weekday would mean two days', () => {
    expect(berlin('2026-10-30T11:00:00Z')).toBe('30 Oct 12:00');
    expect(berlin('2026-12-03T09:40:00Z')).toBe('3 Dec 10:40');
  });

  it('name the year when it is another', () => {
    expect(berlin('2027-01-04T09:40:00Z')).toBe('4 Jan 2027 10:40');
  });

  it('are told in the zone of the reader', () => {
    expect(timeWords(fromIso('2026-10-23T23:30:00Z'), now, 'America/New_York')).toBe('19:30');
    expect(timeWords(fromIso('2026-10-23T23:30:00Z'), now, 'Asia/Kolkata')).toBe('Sat 5:00');
  });
});
