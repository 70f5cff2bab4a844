/** What is made of a report: why a mail failed, and what follows for its address. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FailureWhys,
  failureIn,
  failureOf,
  failureOfAnswer,
  lastsAfter,
} from '../../src/domain/delivery-failure.ts';
import { failureWords } from '../../src/domain/notices/failure-words.ts';

const recipient = (status: string, action = 'failed', permanent = status.startsWith('5')) => ({
  address: 'maria@example.com',
  status,
  action,
  permanent,
});

describe('the reason of a failure', () => {
  test.each([
    ['5.1.1', 'no-such-address', 'for-good'],
    ['5.1.2', 'no-such-domain', 'for-good'],
    // RFC 7505: a domain that takes no mail.
    ['5.1.10', 'no-such-domain', 'for-good'],
    ['5.2.1', 'closed', 'for-good'],
    ['4.2.2', 'mailbox-full', 'for-now'],
    // Many servers call a full mailbox permanent; RFC 3463 means this mail in this form.
    ['5.2.2', 'mailbox-full', 'for-now'],
    ['5.2.3', 'too-large', null],
    ['5.3.4', 'too-large', null],
    ['4.4.1', 'no-answer', 'for-now'],
    ['4.4.7', 'no-answer', 'for-now'],
    ['5.4.1', 'no-such-address', 'for-good'],
    ['5.4.4', 'no-such-domain', 'for-good'],
    ['4.4.4', 'no-answer', 'for-now'],
    ['5.7.1', 'blocked', 'for-good'],
    ['4.7.0', 'blocked', 'for-now'],
    ['5.0.0', 'unknown', 'for-good'],
    ['4.0.0', 'unknown', 'for-now'],
  ])('is read off the status code %s: %s, which holds %s', (status, why, lasts) => {
    const failure = failureIn({ recipients: [recipient(status)], originalMessageId: null });
    expect(failure).toEqual({ why, status, permanent: status.startsWith('5') });
    expect(lastsAfter(failure)).toBe(lasts);
  });

  test('is what the report itself names, where it names one', () => {
    expect(failureOf({ status: '5.0.0', permanent: true, why: 'mailbox-full' }).why).toBe('mailbox-full');
    expect(failureOf({ status: '5.1.1', permanent: true, why: 'something else' }).why).toBe(
      'no-such-address',
    );
  });

  test('is unknown of a bounce without details, which is held against no address for good', () => {
    expect(lastsAfter(failureIn(null))).toBe('for-now');
    expect(failureWords(failureIn(null))).toBeNull();
  });

  test('is that of the recipient for whom it is final, and of none that got the mail', () => {
    const recipients = [recipient('2.1.5', 'delivered'), recipient('4.4.1'), recipient('5.1.1')];
    expect(failureIn({ recipients, originalMessageId: null }).status).toBe('5.1.1');
  });

  test('is held against an address by our own server only where it is about the address', () => {
    expect(lastsAfter(failureOfAnswer('550 5.1.1 <maria@example.com>: no such user'))).toBe('for-good');
    // A relay that will not take our mail says nothing of whom it is for.
    for (const answer of ['554 5.7.1 Relay access denied', '550 rejected', '552 5.3.4 too big', ''])
      expect(lastsAfter(failureOfAnswer(answer))).not.toBe('for-good');
  });

  test('never lets through a status that is none, whatever a report holds', () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), fc.option(fc.string()), (status, permanent, why) => {
        const failure = failureOf({ status, permanent, why });
        expect(FailureWhys).toContain(failure.why);
        if (failure.status !== null) expect(failure.status).toMatch(/^[245]\.\d{1,3}\.\d{1,3}$/);
      }),
    );
  });
});
