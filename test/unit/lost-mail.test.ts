/** What is made of a report on a mail of ours: why it did not arrive, and what follows for its address. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  failureIn,
  failureOf,
  failureOfAnswer,
  failureWords,
  lastsAfter,
} from '../../src/domain/lost-mail.ts';

const recipient = (status: string, action = 'failed', permanent = status.startsWith('5')) => ({
  address: 'maria@example.com',
  status,
  action,
  permanent,
  reason: null,
  diagnostic: '',
});

describe('a lost mail', () => {
  test.each([
    ['5.1.1', 'user-unknown', 'for-good'],
    ['5.1.2', 'host-unknown', 'for-good'],
    ['5.1.10', 'not-accepting', 'for-good'],
    ['4.2.2', 'mailbox-full', 'for-now'],
    // Many servers call a full mailbox permanent; RFC 3463 means this mail in this form.
    ['5.2.2', 'mailbox-full', 'for-now'],
    ['5.2.3', 'too-large', null],
    ['5.3.4', 'too-large', null],
    ['4.4.1', 'network', 'for-now'],
    ['4.4.7', 'expired', 'for-now'],
    // Whoever is blocked may write with other words, or tomorrow.
    ['5.7.1', null, 'for-now'],
    ['5.0.0', 'unknown', 'for-good'],
    ['4.0.0', 'unknown', 'for-now'],
  ])('is read off the status code %s: %s, which holds %s', (status, reason, lasts) => {
    const failure = failureIn({ recipients: [recipient(status)], originalMessageId: null });
    expect(failure.status).toBe(status);
    if (reason !== null) expect(failure.reason).toBe(reason);
    expect(lastsAfter(failure)).toBe(lasts);
  });

  test('has the reason that the report itself names, where it names one', () => {
    const told = { status: '5.0.0', permanent: true, reason: 'mailbox-full' } as const;
    expect(failureOf(told)).toEqual({ reason: 'mailbox-full', status: '5.0.0', permanent: false });
  });

  test('of which the report tells no details is held against no address for good', () => {
    expect(lastsAfter(failureIn(null))).toBe('for-now');
    expect(failureWords(failureIn(null))).toBeNull();
  });

  test('is judged by the recipient for whom it is final, and by none that got it', () => {
    const recipients = [recipient('2.1.5', 'delivered'), recipient('4.4.1'), recipient('5.1.1')];
    expect(failureIn({ recipients, originalMessageId: null }).status).toBe('5.1.1');
  });

  test('that our own server refuses counts against an address only where that is what it says', () => {
    expect(lastsAfter(failureOfAnswer('550 5.1.1 <maria@example.com>: no such user'))).toBe('for-good');
    // A relay that will not take our mail says nothing of whom it is for.
    for (const answer of ['554 5.7.1 Relay access denied', '550 rejected', '552 5.3.4 too big', ''])
      expect(lastsAfter(failureOfAnswer(answer))).not.toBe('for-good');
  });

  test('never brings a status that is none into the database, whatever a report holds', () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (text, permanent) => {
        const { status } = failureOf({ status: text, permanent });
        if (status !== null) expect(status).toMatch(/^[245]\.\d{1,3}\.\d{1,3}$/);
      }),
    );
  });
});
