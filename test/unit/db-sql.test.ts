/** JSON that PostgreSQL takes, and calls that become one. */
import { describe, expect, it } from 'vitest';
import { coalesce } from '../../src/adapters/db/coalesce.ts';
import { json } from '../../src/adapters/db/sql.ts';

describe('json for PostgreSQL', () => {
  it.each([
    ['a NUL', 'a\u0000b', 'a\ufffdb'],
    ['half of a surrogate pair', 'a\ud83db', 'a\ufffdb'],
    ['the other half', '\ude00', '\ufffd'],
    ['a whole pair', 'a\ud83d\ude00b', 'a\ud83d\ude00b'],
    ['the letters of an escape', 'C:\\u0000 and \\\\ud83d', 'C:\\u0000 and \\\\ud83d'],
    ['a backslash before a NUL', '\\\u0000', '\\\ufffd'],
    ['quotes and line ends', '"\r\n\t"', '"\r\n\t"'],
  ])('keeps or replaces %s', (_, text, expected) => {
    expect(JSON.parse(json({ [text]: [text] }))).toEqual({ [expected]: [expected] });
  });
});

describe('calls that come at once', () => {
  it('are answered by one look-up, and later ones by another', async () => {
    const asked: string[][] = [];
    const one = coalesce(async (keys: readonly string[]) => {
      asked.push([...keys]);
      return new Map(keys.filter((key) => key !== 'none').map((key) => [key, key.toUpperCase()]));
    });
    expect(await Promise.all([one('a'), one('b'), one('a'), one('none')])).toEqual([
      'A',
      'B',
      'A',
      undefined,
    ]);
    expect(await one('a')).toBe('A');
    expect(asked).toEqual([['a', 'b', 'none'], ['a']]);
  });

  it('fail together, and only they', async () => {
    let failing = true;
    const one = coalesce(async (keys: readonly string[]) => {
      if (failing) throw new Error('gone');
      return new Map(keys.map((key) => [key, key]));
    });
    const both = await Promise.allSettled([one('a'), one('b')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    failing = false;
    expect(await one('a')).toBe('a');
  });
});
