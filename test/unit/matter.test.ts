import { describe, expect, it } from 'vitest';
import { DAY } from '../../src/domain/instant.ts';
import { type MatterFacts, newMatter } from '../../src/domain/matter.ts';

const facts = (given: Partial<MatterFacts> = {}): MatterFacts => ({
  evidence: 'in-reply-to',
  subject: 'Re: Leak in the kitchen',
  subjects: ['Leak in the kitchen'],
  quotes: false,
  onlyThanks: false,
  doneFor: null,
  reopenWithin: 30 * DAY,
  ...given,
});

describe("a customer's answer is about the same matter", () => {
  it.each([
    ['under the same subject', {}],
    ['under a sharper one', { subject: 'URGENT the kitchen!' }],
    ['under none', { subject: 'Re:' }],
    ['under another, when what it answers is quoted', { subject: 'Parking permit', quotes: true }],
    ['when it was done lately', { doneFor: 29 * DAY }],
    ['when it only thanks, however late', { doneFor: 90 * DAY, onlyThanks: true }],
    ['when it has our number', { subject: '#1042', evidence: 'subject-reference', doneFor: 90 * DAY }],
    ['when an id further back is all, under the same subject', { evidence: 'references' }],
    ['when no subject is known any more', { evidence: 'references', subject: 'A table', subjects: [] }],
  ] satisfies [string, Partial<MatterFacts>][])('%s', (_, given) => {
    expect(newMatter(facts(given))).toBeNull();
  });
});

describe("a customer's answer is about a new matter", () => {
  it.each([
    ['long after it was done', { doneFor: 31 * DAY }, 'long-done'],
    ['under a subject of which nothing is left', { subject: 'Parking permit' }, 'other-subject'],
    [
      'under another when it is done, whatever it quotes',
      { subject: 'Parking', doneFor: DAY, quotes: true },
      'other-subject',
    ],
    [
      'when an id further back is all, under another',
      { evidence: 'references', subject: 'The kitchen table' },
      'other-subject',
    ],
    [
      'when our own id further back is all, under another',
      { evidence: 'notice-in-references', subject: 'A table' },
      'other-subject',
    ],
  ] satisfies [string, Partial<MatterFacts>, string][])('%s', (_, given, why) => {
    expect(newMatter(facts(given))).toBe(why);
  });
});
