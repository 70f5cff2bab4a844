/** Mail that goes in a circle, known by what each server writes on top of it. */
import { describe, expect, test } from 'vitest';
import { goesRound } from '../../src/domain/goes-round.ts';

const OWN = ['office@elm.example'];
const fields = (name: string, ...values: string[]) => values.map((value) => ({ name, value }));
const times = (count: number, value: string): string[] => Array.from({ length: count }, () => value);

describe('a mail goes in a circle', () => {
  test.each([
    ['when more than fifty servers passed it on', fields('received', ...times(51, 'from a by b')), true],
    ['not when fifty did', fields('received', ...times(50, 'from a by b')), false],
    ['when it was delivered to us three times', fields('delivered-to', ...times(3, OWN[0] ?? '')), true],
    [
      'however our address is written and tagged',
      fields('delivered-to', '<Office@elm.example>', ' office+tag@elm.example ', 'office@ELM.example'),
      true,
    ],
    // Dovecot's LMTP server writes one, and a program that fetches the mailbox for another writes a second.
    [
      'not when two programs of one delivery each say so',
      fields('delivered-to', ...times(2, OWN[0] ?? '')),
      false,
    ],
    ['not for what was delivered to others', fields('delivered-to', ...times(9, 'ann@elm.example')), false],
  ])('%s', (_, headers, expected) => {
    expect(goesRound({ headers }, OWN)).toBe(expected);
  });
});
