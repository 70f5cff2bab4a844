import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseSubject, referenceIn } from '../../src/domain/subject.ts';

describe('base subjects', () => {
  it.each([
    ['Leak under sink', 'Leak under sink'],
    ['Re: Leak', 'Leak'],
    ['RE: re: Re: Leak', 'Leak'],
    ['Re[2]: Leak', 'Leak'],
    ['Re(3): Leak', 'Leak'],
    ['Re^2: Leak', 'Leak'],
    ['RE : Fuite', 'Fuite'],
    ['AW: WG: Heizung', 'Heizung'],
    ['Antw: Lekkage', 'Lekkage'],
    ['SV: VS: Läcka', 'Läcka'],
    ['R: I: Preventivo', 'Preventivo'],
    ['Odp: PD: Faktura', 'Faktura'],
    ['RES: ENC: Vazamento', 'Vazamento'],
    ['Ynt: İlt: Fatura', 'İlt: Fatura'],
    ['ΑΠ: Διαρροή', 'Διαρροή'],
    ['Отв: Протечка', 'Протечка'],
    ['回复：漏水', '漏水'],
    ['\u200fהשב: נזילה', 'נזילה'],
    ['Fwd: [maintenance] Re: Leak', 'Leak'],
    ['[maintenance] Leak', 'Leak'],
    ['[maintenance]', '[maintenance]'],
    ['[a][b] Leak', 'Leak'],
    ['Leak (fwd)', 'Leak'],
    ['Leak (fwd) (fwd)', 'Leak'],
    ['[Fwd: Leak]', 'Leak'],
    ['Re: [fwd: [Fwd: Leak]]', 'Leak'],
    ['  Re:\r\n\tLeak   under  sink ', 'Leak under sink'],
    ['Re:', ''],
    ['', ''],
    ['Reminder: rent', 'Reminder: rent'],
    ['Urgent: leak', 'Urgent: leak'],
    ['WG 3: Heizung kalt', 'WG 3: Heizung kalt'],
    ['Leak, re: unit 4', 'Leak, re: unit 4'],
    ['Re: #1042 Leak', '#1042 Leak'],
  ])('of %j is %j', (subject, base) => {
    expect(baseSubject(subject)).toBe(base);
  });

  it('stay as they are when taken twice', () => {
    const piece = fc.constantFrom(
      'Re:',
      'Aw: ',
      'FWD:',
      '[list] ',
      '(fwd)',
      '[fwd:',
      ']',
      ' ',
      'leak',
      'Re[2]:',
      '：',
      '[',
      '(',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const once = baseSubject(pieces.join(''));
        expect(baseSubject(once)).toBe(once);
        expect(once.length).toBeLessThanOrEqual(pieces.join('').length);
      }),
    );
  });

  it('come at once out of a megabyte of prefixes', () => {
    expect(baseSubject('Re: '.repeat(250_000))).toBe('');
    expect(baseSubject('['.repeat(1_000_000)).length).toBeLessThanOrEqual(1_000);
    expect(baseSubject(`${'[fwd:'.repeat(100)}x${']'.repeat(100)}`)).toBe('x');
  });
});

describe('references in subjects', () => {
  it.each([
    ['Re: #1042 Leak', 1042],
    ['[#1042] Leak', 1042],
    ['Leak (#7).', 7],
    ['Re: #1042 Leak in flat #12', 1042],
    ['about #1042.', 1042],
    ['Leak', null],
    ['1042', null],
    ['#0', null],
    ['#007', null],
    ['ab#1042', null],
    ['#1042b', null],
    ['order #1042-3', null],
    ['&#1042;', null],
    ['#12345678901', null],
    ['# 1042', null],
  ])('of %j: %j', (subject, reference) => {
    expect(referenceIn(subject)).toBe(reference);
  });
});
