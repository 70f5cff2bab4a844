/** What every mail's HTML must be for whoever reads it: in any light, without style sheets, with any eyes. */
import { describe, expect, it } from 'vitest';
import { Dark, Light } from '../../src/domain/notices/html.ts';
import { renderNotice } from '../../src/domain/notices/render.ts';
import { everyView } from '../support/notice-samples.ts';

const mails = [...everyView()].flatMap(([name, view]) => {
  const { html } = renderNotice(view);
  return html === null ? [] : [[name, html] as const];
});
const EMPTY = new Set(['meta', 'br', '!doctype']);

describe('the HTML of every mail', () => {
  it('names its language and its letters, and knows both schemes of color', () => {
    for (const [name, html] of mails) {
      expect(html, name).toMatch(/^<!doctype html><html lang="en"><head><meta charset="utf-8">/);
      expect(html, name).toContain('<meta name="color-scheme" content="light dark">');
      expect(html, name).toContain('@media (prefers-color-scheme:dark)');
      expect(html, name).toContain('width=device-width');
    }
  });

  it('loads and runs nothing, and opens nothing but an answer to an address of ours and the board to whoever asked for it', () => {
    const Answer =
      /<a class="to" style="color:#[0-9a-f]{6}" href="mailto:maintenance%2B[a-z]{26}@elm\.example\?subject=[\w%.~!*'()-]*">/g;
    const Board =
      /<a class="to" style="color:#[0-9a-f]{6}" href="(https:\/\/baton\.elm\.example\/sign-in\/[\w-]{43})">\1<\/a>/;
    for (const [name, whole] of mails) {
      const html = /^(?:bundle|digest)/.test(name)
        ? whole.replace(Answer, '<a>').replaceAll('<a>', '<b>')
        : name.startsWith('sign-in')
          ? whole.replace(Board, '')
          : whole;
      expect(html, name).not.toMatch(/https?:|\/\/|<(?:script|img|link|iframe|a|form|svg|object)\b/i);
      expect(html, name).not.toMatch(
        /\b(?:src|href|srcset|action|background|on\w+)=|url\(|@import|@font-face/i,
      );
    }
  });

  it('closes every tag that it opens, in order, and nests no paragraph in another', () => {
    for (const [name, html] of mails) {
      const open: string[] = [];
      for (const [, slash, tag = ''] of html.matchAll(/<(\/?)([!\w]+)[^<>]*>/g)) {
        if (EMPTY.has(tag)) continue;
        if (slash === '/') expect(open.pop(), `${name}: </${tag}>`).toBe(tag);
        else {
          if (/^(?:p|h2|ul|div|blockquote)$/.test(tag)) expect(open, name).not.toContain('p');
          open.push(tag);
        }
      }
      expect(open, name).toEqual([]);
    }
  });

  it('lays nothing but figures and their bars out in tables, which are read aloud as text, and begins what is a heading as one', () => {
    for (const [name, html] of mails) {
      const tables = html.match(/<table [^<>]*>/g) ?? [];
      if (!/^(?:digest|weekly-report|look-back)/.test(name)) expect(tables, name).toEqual([]);
      for (const table of tables) expect(table, name).toMatch(/^<table role="presentation" .*border="0"/);
      // What has no words is hidden from whoever has it read aloud.
      const mute = html.match(/<table [^<>]*aria-hidden="true"[^<>]*>.*?<\/table>/g) ?? [];
      for (const bar of mute) expect(bar.replace(/<[^<>]*>|\u00a0/g, ''), name).toBe('');
    }
    expect(new Map(mails).get('handoff')).toContain('<h2 ');
  });

  it('keeps all letters at 16 pixels or more where the screen is narrow', () => {
    for (const [name, html] of mails) {
      const narrow = html.replace(/@media \(min-width:600px\)\{[^{}]*\{[^{}]*\}\}/, '');
      const sizes = [...narrow.matchAll(/font(?:-size)?:(\d+)px/g)].map(([, size]) => Number(size));
      expect(sizes.length, name).toBeGreaterThan(0);
      expect(Math.min(...sizes), name).toBeGreaterThanOrEqual(16);
    }
  });

  it('can be read without its style sheet: every color and space stands at its element too', () => {
    for (const [name, html] of mails) {
      const body = html.slice(html.indexOf('<body'));
      for (const [element] of body.matchAll(/<(?:body|div class|p|h2|ul|blockquote)\b[^<>]*>/g)) {
        expect(element, name).toMatch(/style="[^"]+"/);
      }
      for (const [, used = ''] of body.matchAll(/class="(\w+)"/g)) {
        if (used !== 'page') expect(html, name).toContain(`.${used}`);
      }
    }
  });

  it('begins with what it asks or tells, which is what a list of mails shows of it', () => {
    const first = (name: string): string =>
      (new Map(mails).get(name) ?? '')
        .replace(/^.*<body[^<>]*>/s, '')
        .replace(/<[^<>]*>/g, '')
        .replaceAll('\u00a0', ' ')
        .trim()
        .slice(0, 40);
    expect(first('offer')).toMatch(/^Can you take this\? /);
    expect(first('handoff')).toMatch(/^Priya asks: Can you take this over\? /);
    expect(first('last-asked')).toMatch(/^Nobody has taken this\. /);
    expect(first('receipt accept')).toMatch(/^It&#39;s yours, Priya/);
    expect(first('receipt not-understood-with-text')).toMatch(/^NOT SENT to Maria Lopez\. /);
    expect(first('customer-wrote')).toMatch(/^Maria Lopez wrote again\. /);
  });

  it('marks what a reader may answer, so that a thumb finds it', () => {
    for (const answer of ['accept', 'yes', 'decline', 'handoff\u00a0to']) {
      expect(new Map(mails).get('offer')).toMatch(
        new RegExp(`<b class="answer"[^>]*>&quot;${answer}&quot;</b>`),
      );
    }
  });
});

describe('the colors of mails', () => {
  it.each([
    ['light', Light],
    ['dark', Dark],
  ])('have enough contrast for weak eyes when it is %s', (_, { page, ink, muted, box, mark, markInk }) => {
    for (const [front, back] of [
      [ink, page],
      [ink, box],
      [muted, page],
      [muted, box],
      [markInk, mark],
    ] as const) {
      expect(contrast(front, back), `${front} on ${back}`).toBeGreaterThanOrEqual(4.5);
    }
  });
});

/** WCAG 2.2, definition of contrast ratio. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
