import { describe, expect, it } from 'vitest';
import { type ArchivedMail, threadArchive } from '../../src/domain/archive-threads.ts';
import { DAY, HOUR } from '../../src/domain/instant.ts';

const who = (address: string) => [{ name: '', address }];
let count = 0;

function mail(id: string | null, given: Partial<ArchivedMail> = {}): ArchivedMail {
  count += 1;
  return {
    messageId: id,
    inReplyTo: [],
    references: [],
    subject: 'Leak',
    date: count * HOUR,
    from: who('maria@x.example'),
    to: who('office@elm.example'),
    cc: [],
    bodyHash: String(count),
    quotes: false,
    ...given,
  };
}

const numbers = (mails: readonly ArchivedMail[]) =>
  threadArchive(mails).map(({ conversation }) => conversation);
const evidence = (mails: readonly ArchivedMail[]) => threadArchive(mails).map((thread) => thread.evidence);

describe('mails of an archive', () => {
  it('are tied by what they answer, whichever comes first', () => {
    const answer = mail('b@x', { inReplyTo: ['a@x'] });
    const fork = mail('c@x', { inReplyTo: ['a@x'] });
    expect(numbers([answer, fork, mail('a@x'), mail('d@x')])).toEqual([1, 1, 1, 2]);
    expect(evidence([answer, mail('a@x')])).toEqual(['in-reply-to', null]);
  });

  it('are tied over a middle that is missing, and by one that none of them has', () => {
    const first = mail('a@x');
    const last = mail('c@x', { inReplyTo: ['b@x'], references: ['a@x', 'b@x'] });
    expect(numbers([first, last])).toEqual([1, 1]);
    expect(evidence([first, last])).toEqual([null, 'references']);
    expect(
      evidence([mail('p@x', { inReplyTo: ['gone@x'] }), mail('q@x', { inReplyTo: ['gone@x'] })]),
    ).toEqual(['same-ancestor', 'same-ancestor']);
  });

  it('that point at themselves or in a circle end somewhere', () => {
    const self = mail('a@x', { inReplyTo: ['a@x'], references: ['a@x'] });
    const circle = [
      mail('p@x', { references: ['r@x'] }),
      mail('q@x', { references: ['p@x'] }),
      mail('r@x', { references: ['q@x'] }),
    ];
    expect(numbers([self, ...circle])).toEqual([1, 2, 2, 2]);
    expect(evidence([self])).toEqual([null]);
  });

  it('that answer a person instead of a mail are no conversation', () => {
    const prose = { inReplyTo: ['maria@x.example'] };
    expect(
      numbers([mail('a@x', { ...prose, subject: 'One' }), mail('b@x', { ...prose, subject: 'Two' })]),
    ).toEqual([1, 2]);
  });

  it('that came twice, by a list and straight, are one conversation', () => {
    const straight = mail('a@x');
    const byList = mail('a@x', { subject: '[tenants] Leak', date: straight.date });
    const rewritten = mail('a@x', {
      subject: '[tenants] Leak',
      from: who('list@x.example'),
      date: straight.date,
    });
    expect(numbers([straight, byList, rewritten])).toEqual([1, 1, 1]);
  });

  it('under one id that somebody else took stay apart, and answers go to the one with their subject', () => {
    const forged = mail('a@x', { from: who('eve@evil.example'), subject: 'Pay now' });
    const real = mail('a@x');
    const answer = mail('b@x', { subject: 'Re: Leak', inReplyTo: ['a@x'] });
    expect(numbers([forged, real, answer])).toEqual([1, 2, 2]);
  });

  it('of a program that gives every mail the same id stay apart by subject', () => {
    expect(numbers([mail('1@localhost'), mail('1@localhost', { subject: 'Parking' })])).toEqual([1, 2]);
  });

  it('without any id are tied by subject among exactly the same people, within a month', () => {
    const first = mail('a@x');
    const answer = mail('b@x', {
      subject: 'RE: Leak',
      from: who('office@elm.example'),
      to: who('maria@x.example'),
    });
    const other = mail('c@x', { subject: 'RE: Leak', from: who('joe@x.example') });
    const late = mail('d@x', { subject: 'RE: Leak', date: (first.date ?? 0) + 40 * DAY });
    expect(numbers([answer, first, other, late])).toEqual([1, 1, 2, 3]);
    expect(evidence([first, answer])).toEqual([null, 'subject']);
    const again = mail('e@x', { date: first.date });
    expect(numbers([first, again])).toEqual([1, 2]);
  });

  it('that took up an old mail for its address begin something new, and what follows them stays with them', () => {
    const old = mail('a@x');
    const date = (old.date ?? 0) + 60 * DAY;
    const anew = mail('b@x', { subject: 'Parking permit', inReplyTo: ['a@x'], references: ['a@x'], date });
    const answer = mail('c@x', {
      subject: 'Re: Parking permit',
      inReplyTo: ['b@x'],
      references: ['a@x', 'b@x'],
      date,
    });
    expect(numbers([old, anew, answer])).toEqual([1, 2, 2]);
    expect(numbers([old, { ...anew, quotes: true }, answer])).toEqual([1, 1, 1]);
    expect(numbers([old, { ...anew, subject: 'Leak again' }])).toEqual([1, 1]);
    expect(numbers([old, { ...anew, date: old.date }])).toEqual([1, 1]);
  });

  it('without From, date, subject or id each stand alone', () => {
    const bare = { from: [], to: [], subject: '', date: null };
    expect(numbers([mail(null, bare), mail(null, bare)])).toEqual([1, 2]);
  });
});

it('12,000 mails that try to make threading slow take few seconds of the processor', () => {
  const chain = Array.from({ length: 4_000 }, (_, at) =>
    mail(`c${at}@x`, { references: Array.from({ length: 20 }, (_x, back) => `c${at - back - 1}@x`) }),
  );
  const twins = Array.from({ length: 4_000 }, (_, at) =>
    mail('same@x', { from: who(`w${at}@x.example`), subject: `s${at}`, inReplyTo: ['same2@x'] }),
  );
  const answers = Array.from({ length: 4_000 }, (_, at) =>
    mail(`d${at}@x`, { inReplyTo: ['same@x'], subject: `t${at}` }),
  );
  const before = process.cpuUsage();
  threadArchive([...chain.toReversed(), ...twins, ...answers]);
  expect(process.cpuUsage(before).user).toBeLessThan(6_000_000);
});
