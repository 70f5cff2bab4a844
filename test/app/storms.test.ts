/** Hazards 38 to 40: machines that answer each other go quiet by themselves. `npm run storms` is the same for longer. */
import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../src/domain/instant.ts';
import { testPolicy } from '../support/policy.ts';
import {
  intact,
  robots,
  spoofed,
  twoBatons,
  withoutMarks,
  withoutThread,
  withRobot,
} from '../support/robots.ts';

const LONG = { timeout: 120_000 };

describe('two Batons that share no key, for 24 virtual hours', () => {
  test('one does not answer what the other sends by itself', LONG, async () => {
    const { sent, received, requests } = await twoBatons(intact, 24);
    // The confirmation, who has it, that it takes longer, and who took it over, three times, since nobody there ever
    // writes: all about the one mail that a person wrote.
    expect({ sent, received, requests }).toEqual({ sent: 6, received: 0, requests: 1 });
  });

  test(
    'they go quiet when every mark is stripped on the way, since answers to a request are not confirmed',
    LONG,
    async () => {
      const { sent, received, requests } = await twoBatons(withoutMarks, 24);
      expect({ sent, received, requests }).toEqual({ sent: 6, received: 5, requests: 1 });
    },
  );

  test('the caps hold when nothing is left by which a mail would be known', LONG, async () => {
    const { sent, received } = await twoBatons(withoutThread, 24);
    expect(sent).toBeLessThanOrEqual(10);
    expect(received).toBeLessThanOrEqual(10);
  });
});

describe('a robot', () => {
  test(
    'that is out of office and says so without a mark gets no more mail after the first hours',
    LONG,
    async () => {
      const [hours, day] = [await withRobot(robots.outOfOffice, 6), await withRobot(robots.outOfOffice, 24)];
      expect(hours.sent).toBe(3);
      expect(day.sent).toBe(hours.sent);
    },
  );

  test(
    'that sends our mails back as a list does, under another From and subject, opens nothing',
    LONG,
    async () => {
      expect(await withRobot(robots.list, 24)).toEqual({ sent: 2, received: 3, requests: 1 });
    },
  );

  test('that counts its alarms is told of three of them, however many come', LONG, async () => {
    const alarms = { ...robots.alarms, every: 20 * MINUTE };
    const [few, many] = [await withRobot(alarms, 2), await withRobot(alarms, 4)];
    expect(many.requests).toBe(2 * few.requests);
    expect(many.sent).toBe(few.sent);
  });

  test('that confirms with other words each time is told three times', LONG, async () => {
    expect((await withRobot(robots.confirms, 24)).sent).toBe(3);
  });
});

test(
  'of forged senders no more are told than the cap says, in words that nobody but us chose',
  LONG,
  async () => {
    const policy = testPolicy({ caps: { unproved: { hour: 20, day: 40 } } });
    const { sent, requests, words } = await spoofed(60, policy);
    expect({ sent, requests }).toEqual({ sent: 20, requests: 60 });
    const plain = (text: string): string => text.replace(/\d+/g, '0');
    expect(new Set(words.map(plain)).size).toBe(1);
    expect(words.join('\n')).not.toMatch(/urgent|pay now|evil/i);
  },
);
