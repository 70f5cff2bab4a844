import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_IDS_MAX, normaliseMessageId, parseMessageIds } from '../../src/domain/message-id.ts';

describe('ids in References and In-Reply-To', () => {
  it.each([
    ['', []],
    ['   ', []],
    ['<a@x> <b@x>', ['a@x', 'b@x']],
    ['<a@x><b@x>', ['a@x', 'b@x']],
    ['<a@x>,\t<b@x>;<c@x>', ['a@x', 'b@x', 'c@x']],
    ['<a@x> <b@x> <a@x>', ['a@x', 'b@x']],
    ['<long.id.\t folded@x>', ['long.id.folded@x']],
    ['<<a@x>>', ['a@x']],
    ['<a@x <b@x>', ['a@x', 'b@x']],
    ['<a@x', ['a@x']],
    ['a@x> <b@x>', ['b@x']],
    ['<> < > <b@x>', ['b@x']],
    ['<20261120.1045>', ['20261120.1045']],
    ['a@x b@x', ['a@x', 'b@x']],
    ['y', []],
    ['n/a', []],
    ['Your message of "Tue, 05 Oct 2026 10:00:00 +0200" <a@x>', ['a@x']],
    ['&lt;a@x&gt;', ['a@x']],
    ['=?utf-8?q?=3Cvery=2Elong=40x=3E?=', ['very.long@x']],
    ['=?utf-8?q?=3Cvery_?= =?utf-8?q?long=40x=3E?=', ['verylong@x']],
    ['=?us-ascii?B?PGFAeD4=?=', ['a@x']],
    ['<a\u0000b\u0007@x>', ['ab@x']],
    ['<Case@Kept.Example>', ['Case@Kept.Example']],
  ])('reads %j', (value, ids) => {
    expect(parseMessageIds(value)).toEqual(ids);
  });

  it('keeps the root and the newest of a thread that lists too many', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `id${index}@x`);
    const kept = parseMessageIds(ids.map((id) => `<${id}>`).join(' '));
    expect(kept).toHaveLength(MESSAGE_IDS_MAX);
    expect(kept[0]).toBe('id0@x');
    expect(kept[1]).toBe(`id${1_001 - MESSAGE_IDS_MAX}@x`);
    expect(kept.at(-1)).toBe('id999@x');
  });

  it('drops an id that is longer than any honest one', () => {
    expect(parseMessageIds(`<${'a'.repeat(999)}@x> <b@x>`)).toEqual(['b@x']);
  });

  it('gives bounded, clean, distinct ids whatever the value', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        ' ',
        '@',
        '=?utf-8?q?',
        '=?=',
        '?=',
        '=3C',
        '&lt;',
        ',',
        '\r\n',
        '\ud800',
        '\u0000',
      ),
      fc.string({ maxLength: 5, unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const ids = parseMessageIds(pieces.join(''));
        expect(new Set(ids).size).toBe(ids.length);
        for (const id of ids) {
          expect(id).toMatch(/^[^\s<>\u0000-\u001f\u007f]+$/u);
          expect(id.isWellFormed()).toBe(true);
          expect(normaliseMessageId(`<${id}>`)).toBe(normaliseMessageId(id));
        }
      }),
    );
  });

  it.each([
    ['brackets', '<'.repeat(1_000_000)],
    ['encoded words', '=?a?q?'.repeat(200_000)],
    ['words in one', `=?a?q?${'a'.repeat(1_000_000)}`],
    ['spaces', `<${' '.repeat(1_000_000)}`],
    ['entities', '&lt;'.repeat(250_000)],
  ])('answers a megabyte of %s with a bounded list', (_, value) => {
    expect(parseMessageIds(value).length).toBeLessThanOrEqual(MESSAGE_IDS_MAX);
  });
});

describe('a Message-ID of its own', () => {
  it.each([
    ['<a@x>', 'a@x'],
    [' <a@x> (comment)', 'a@x'],
    ['a@x', 'a@x'],
    ['12345', '12345'],
    ['<a\r\n b@x>', 'ab@x'],
    ['<>', null],
    ['', null],
    [`<${'a'.repeat(2_000)}>`, null],
  ])('reads %j as %j', (value, id) => {
    expect(normaliseMessageId(value)).toBe(id);
  });

  it('is found again in the answer that names it', () => {
    for (const raw of ['<a@x>', '<folded\t id@x>', '<no-at-sign>', '=?utf-8?q?=3Cpy=40x=3E?=']) {
      expect(parseMessageIds(raw)).toEqual([normaliseMessageId(raw)]);
    }
  });
});
