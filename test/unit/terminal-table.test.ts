/** Tables and lines fit the terminal that they are shown on, whatever characters stand in them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Column, fittedTable } from '../../src/cli/table.ts';
import { COLOURED, PLAIN, terminalOf } from '../../src/cli/terminal.ts';
import { brokenTo, cutTo, widthOf } from '../../src/cli/text-width.ts';

const COLUMNS: readonly Column[] = [
  { head: 'Request' },
  { head: 'Subject', gives: 'ellipsis', unimportance: 2, least: 10 },
  { head: 'Customer', gives: 'ellipsis', unimportance: 3, least: 10, isOptional: true },
  { head: 'Why', gives: 'wrap', unimportance: 1, least: 10 },
];
const texts = fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.replace(/\p{C}|\s/gu, ' '));

describe('a table for a terminal', () => {
  it('has no line that is wider, and keeps every word of what may go on below', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 99_999 }), texts, texts, texts), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: 60, max: 200 }), (cells, width) => {
        const lines = fittedTable(COLUMNS, cells, width);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        const shown = lines.join('').replace(/ /g, '');
        for (const [, , , why] of cells) {
          const [word = ''] = why.split(' ');
          if (widthOf(word) <= 10) expect(shown).toContain(word);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('leaves out what it can do without before nothing can be read any more', () => {
    const row = [
      1042,
      'A long subject about a leak',
      'Carla Ruiz of Oak Street',
      'answer late since nine o’clock',
    ];
    expect(fittedTable(COLUMNS, [row], 120)[0]).toBe(
      'Request  Subject                      Customer                  Why',
    );
    expect(fittedTable(COLUMNS, [row], 40)).toEqual([
      'Request  Subject     Why',
      '   1042  A long su…  answer late since',
      '                     nine o’clock',
    ]);
  });

  it('puts colour around what it shows and not into its width', () => {
    const row = [{ text: 7, style: COLOURED.bad }, 'Bins', '', ''];
    const [, line] = fittedTable(COLUMNS, [row], 80);
    expect(line).toBe('      \u001b[31m7\u001b[39m  Bins');
  });
});

describe('the width of a text', () => {
  it.each([
    ['Bins', 4],
    ['Zürich', 6],
    ['Zu\u0308rich', 6],
    ['水漏れ', 6],
    ['漏水 2', 6],
    ['Ｆｕｌｌ', 8],
    ['🔥', 2],
    ['👩‍🔧', 2],
    ['🇩🇪', 2],
    ['한국', 4],
  ])('of %s is %i columns', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  it('is kept by cutting and breaking, without cutting a character', () => {
    expect(cutTo('水漏れがひどい', 7)).toBe('水漏れ…');
    expect(brokenTo('水漏れがひどい', 6)).toEqual(['水漏れ', 'がひど', 'い']);
    expect(brokenTo('a leak under the sink', 10)).toEqual(['a leak', 'under the', 'sink']);
  });
});

describe('colour', () => {
  const terminal = { isTTY: true, columns: 100 };
  it.each([
    ['at a terminal', {}, terminal, {}, COLOURED],
    ['in a pipe', {}, {}, {}, PLAIN],
    ['with NO_COLOR', {}, terminal, { NO_COLOR: '1' }, PLAIN],
    ['with an empty NO_COLOR, which says nothing', {}, terminal, { NO_COLOR: '' }, COLOURED],
    ['with --no-color', { color: false }, terminal, {}, PLAIN],
    ['where the terminal is dumb', {}, terminal, { TERM: 'dumb' }, PLAIN],
  ])('%s', (_, options, stream, environment, paint) => {
    expect(terminalOf(options, stream, environment).paint).toBe(paint);
  });

  it('of a pipe has no width, and a terminal never less than can be read', () => {
    expect(terminalOf({}, {}, {}).columns).toBeNull();
    expect(terminalOf({}, { isTTY: true, columns: 12 }, {}).columns).toBe(60);
  });
});
