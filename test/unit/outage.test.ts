/** When somebody is told of an outage, and in what words. */
import { describe, expect, test } from 'vitest';
import { type AlarmFacts, alarmWords } from '../../src/domain/alarm-words.ts';
import { fromIso, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { type OutageKind, tellingDue } from '../../src/domain/outage.ts';

const AT = fromIso('2026-01-05T14:05:00Z');
const RHYTHM = { after: 5 * MINUTE, remindEvery: HOUR };
const outage = { since: AT, seenAt: AT, toldAt: null, isOver: false };

describe('an outage is told', () => {
  test('once it has lasted, again every hour, and when it is over', () => {
    expect(tellingDue(outage, AT + 5 * MINUTE - 1, RHYTHM)).toBeNull();
    expect(tellingDue(outage, AT + 5 * MINUTE, RHYTHM)).toBe('begun');
    const told = { ...outage, toldAt: AT + 5 * MINUTE };
    expect(tellingDue(told, AT + 65 * MINUTE - 1, RHYTHM)).toBeNull();
    expect(tellingDue(told, AT + 65 * MINUTE, RHYTHM)).toBe('still');
    expect(tellingDue({ ...told, isOver: true }, AT + 6 * MINUTE, RHYTHM)).toBe('over');
  });

  test('to nobody when it was over before anybody was told', () => {
    expect(tellingDue({ ...outage, isOver: true }, AT + HOUR, RHYTHM)).toBeNull();
  });

  test('only after a minute when Baton itself was switched off meanwhile', () => {
    const found = { ...outage, seenAt: AT + 8 * HOUR };
    expect(tellingDue(found, AT + 8 * HOUR + 59 * SECOND, RHYTHM)).toBeNull();
    expect(tellingDue(found, AT + 8 * HOUR + MINUTE, RHYTHM)).toBe('begun');
  });
});

describe('an alarm says', () => {
  const facts: AlarmFacts = {
    ...{ telling: 'begun', kind: 'intake', address: 'office@elm.example', since: AT, now: AT + 5 * MINUTE },
    ...{ code: 'imap-login-refused', timeZone: 'America/New_York' },
  };

  test('what happened, since when, what it means and what to do', () => {
    expect(alarmWords(facts)).toEqual({
      subject: 'Baton: the mail of office@elm.example has not been read since 9:05',
      text: [
        'The mail of office@elm.example has not been read since 9:05 (America/New_York).',
        'What is known: the mail server refuses the login. (code imap-login-refused)',
        "What it means: customers' mails wait at the mail server, and nobody is asked about them. None is lost: they are taken in, oldest first, as soon as it works again.",
        'What to do: check user and password of the mailbox (many providers want an app password), and that IMAP is switched on for it.',
        'You hear of this again while it lasts, and when it is over.\n',
      ].join('\n\n'),
    });
  });

  test('when it is over that nothing has to be done', () => {
    const { subject, text } = alarmWords({ ...facts, telling: 'over', now: AT + 30 * MINUTE });
    expect(subject).toBe('Baton: the mail of office@elm.example is read again');
    expect(text).toContain('So it was not from 9:05 (America/New_York) on.');
    expect(text).toContain('nothing has to be sent again');
  });

  test('something for every kind, at each of its times, with a failure known or not', () => {
    const kinds: OutageKind[] = ['login', 'intake', 'reading', 'sending', 'canary', 'paging', 'database'];
    for (const kind of kinds)
      for (const telling of ['begun', 'still', 'over'] as const)
        for (const code of [null, 'smtp-450', 'something-new']) {
          const address = kind === 'database' ? null : 'a$&b@elm.example';
          const { subject, text } = alarmWords({ ...facts, kind, telling, code, address });
          expect(`${subject} ${text}`).not.toMatch(/ADDRESS|undefined|null/);
          if (address !== null) expect(subject).toContain(address);
          expect(subject).not.toContain('\n');
        }
  });
});
