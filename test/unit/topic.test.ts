import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAnswerSubject } from '../../src/domain/subject.ts';
import { canonicalSubject, isOtherTopic } from '../../src/domain/topic.ts';

describe('topics', () => {
  it.each([
    ['Re: Leak', 'LEAK!'],
    ['[tenants] AW: Leak', 'leak'],
    ['#1042 Leak', 'Re: Leak'],
    ['Re: #1042: Leak', 'leak'],
  ])('%j and %j are one subject', (one, other) => {
    expect(canonicalSubject(one)).toBe(canonicalSubject(other));
  });

  it.each([
    ['Leak under the sink', 'URGENT: sink!!'],
    ['Parking (was: Leak)', 'Leak'],
    ['漏水について', '漏水'],
    ['Heizung', 'Re: '],
    ['??', 'Leak'],
    ['Flat 12', 'Flat 13'],
  ])('%j and %j have something in common, or say nothing', (one, other) => {
    expect(isOtherTopic(one, other)).toBe(false);
    expect(isOtherTopic(other, one)).toBe(false);
  });

  it.each([
    ['Leak under the sink', 'Re: Parking permit'],
    ['The leak', 'The parking'],
    ['Problem mit der Heizung', 'Schlüssel für den Keller'],
    ['漏水', '駐車場'],
  ])('%j and %j are about two things', (one, other) => {
    expect(isOtherTopic(one, other)).toBe(true);
  });

  it('are compared for any text, both ways alike', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 40 }));
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(isOtherTopic(one, other)).toBe(isOtherTopic(other, one));
        expect(isOtherTopic(one, one)).toBe(false);
      }),
    );
  });

  it('are compared quickly, however long a subject is', () => {
    const before = process.cpuUsage();
    for (const piece of ['Re: ', '[a', '# 1', '#1 ', 'a.b', '回', '\u200f', ' - ']) {
      isOtherTopic(piece.repeat(50_000), 'Leak');
      isAnswerSubject(piece.repeat(50_000));
    }
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
  });
});

describe('a subject says that it answers', () => {
  it.each(['Re: Leak', 'AW: Leak', '[list] Re: Leak', 'Fwd: Re: Leak', '回复：漏水', 'Re[2]: x'])(
    '%j',
    (subject) => {
      expect(isAnswerSubject(subject)).toBe(true);
    },
  );
  it.each(['Leak', 'Fwd: Leak', 'Reminder: rent', '', '[list] Leak'])('and not: %j', (subject) => {
    expect(isAnswerSubject(subject)).toBe(false);
  });
});
