/** What mails say of what was learned: why somebody is asked, and what the front desk may answer. */
import { describe, expect, it } from 'vitest';
import { renderNotice } from '../../src/domain/notices/render.ts';
import { viewNamed } from '../support/notice-samples.ts';

const textOf = (name: string): string => renderNotice(viewNamed(name)).text.replace(/\s+/g, ' ');

describe('a mail about what was learned', () => {
  it('lists the guesses as words to answer with, one that is an order itself behind its verb', () => {
    expect(textOf('offer guessed')).toContain(
      'Our guesses: "Repairs" 46 %, "contracts" (Contracts and keys) 31 %, "category Help" 8 %.',
    );
  });

  it('lists them with their verb where several mails stand in one, and a word would not say which it answers', () => {
    expect(textOf('bundle guessed')).toContain('Our guesses: "category Repairs" 46 %,');
  });

  it('says which words of the customer spoke for it, in quotation marks, and how to say what it is instead', () => {
    const text = textOf('offer learned');
    expect(text).toContain(
      'It looks like Repairs (87 % sure): "Re: Leak under kitchen sink", "water", "cabinet".',
    );
    expect(text).toContain('reply "decline wrong team: contracts" or "decline wrong team: Help".');
    const html = renderNotice(viewNamed('offer learned')).html?.replace(/\s+/g, ' ');
    expect(html).toContain('It looks like Repairs (87 % sure): ');
  });

  it('says nothing of it where nothing is told apart', () => {
    const text = textOf('offer');
    for (const words of ['guess', 'looks like', 'wrong team', 'category']) expect(text).not.toContain(words);
    expect(textOf('receipt help')).not.toContain('category');
    expect(textOf('receipt help-where-kinds-are-told-apart')).toContain('"category NAME": what it is;');
  });
});
