import { describe, expect, it } from 'vitest';
import { classify } from '../../src/domain/classify.ts';
import type { Mail } from '../../src/domain/message.ts';
import type { Rule, RuleConditions } from '../../src/domain/policy.ts';
import { mail, rule } from '../support/roster.ts';

const toPriya: Rule['assign'] = { type: 'member', member: 'priya' };
const toTeam: Rule['assign'] = { type: 'team', team: 'maintenance' };

/** What one rule with these conditions says about a mail: its sentence, or null when it does not match. */
function says(when: RuleConditions, about: Partial<Mail>): string | null {
  const result = classify([rule('r', { when, assign: toPriya })], 'office', mail(about));
  return result.ruleId === null ? null : result.reason.sentence;
}

describe('words of the subject and the text', () => {
  it.each([
    ['leak', 'Leak under sink'],
    ['leak', 'A big LEAK!'],
    ['leak', '"leak"'],
    ['leak', 'roof-leak_report'],
    ['kitchen sink', 'the  Kitchen\r\n\tsink drips'],
    ['müll', 'Der MÜLL stinkt'],
    ['müll', 'Der Mu\u0308ll stinkt'],
    ['漏水', '漏水 3B'],
    ['протечка', 'ПРОТЕЧКА!'],
    ['c++', 'I love c++!'],
    ['#7', 'flat #7'],
    ['iptal', 'İPTAL'],
    ['leak', 'leaking leak'],
  ])('%j stands in %j', (word, subject) => {
    expect(says({ subject: [word] }, { subject })).toBe(`the subject has "${word}" (rule "r")`);
    expect(says({ body: [word] }, { text: subject })).toBe(`the text has "${word}" (rule "r")`);
  });

  it.each([
    ['leak', 'leaks everywhere'],
    ['leak', 'Überleak'],
    ['leak', 'leak2'],
    ['leak', 'leaké'],
    ['leak', 'leake\u0301'],
    ['müll', 'mull'],
    ['mull', 'müll'],
    ['kitchen sink', 'kitchen and sink'],
    ['leak', '𝔞leak'],
    ['', 'anything'],
    ['   ', 'anything'],
  ])('%j does not stand in %j', (word, subject) => {
    expect(says({ subject: [word] }, { subject })).toBeNull();
    expect(says({ body: [word] }, { text: subject })).toBeNull();
  });

  it('count in what the sender newly wrote or forwarded, not in a signature or a quote', () => {
    const signed = {
      text: 'leak',
      reply: { text: 'The rent is late.', quoted: 'a leak?', signature: 'Leak Detection Ltd.' },
    };
    expect(says({ body: ['leak'] }, signed)).toBeNull();
    expect(says({ body: ['late'] }, signed)).not.toBeNull();
    const forwarded = { from: null, subject: '', text: 'We have a leak', above: '' };
    expect(says({ body: ['leak'] }, { forwarded })).not.toBeNull();
  });

  it('count in the whole text when nothing of it was told apart', () => {
    expect(
      says({ body: ['leak'] }, { text: 'a leak', reply: { text: ' ', quoted: '', signature: '' } }),
    ).not.toBeNull();
  });

  it('are looked for in the beginning of a text of any size', () => {
    expect(says({ body: ['leak'] }, { text: `leak ${'leaky '.repeat(1_000_000)}` })).not.toBeNull();
    expect(says({ body: ['leak'] }, { text: `${'leaky '.repeat(1_000_000)} leak` })).toBeNull();
  });
});

describe('conditions on who and what', () => {
  it('from takes the whole address in any case', () => {
    expect(says({ from: ['x@y.example', 'MARIA@home.example'] }, {})).toBe(
      'the sender is on its list (rule "r")',
    );
    expect(says({ from: ['home.example', 'aria@home.example'] }, {})).toBeNull();
  });

  it('domain takes subdomains and nothing that merely ends alike', () => {
    const from = [{ name: '', address: 'a@Mail.City.example' }];
    for (const domain of ['city.example', '@city.example', '.CITY.example', 'mail.city.example']) {
      expect(says({ domain: [domain] }, { from })).toBe(`it comes from ${domain} (rule "r")`);
    }
    for (const domain of ['ity.example', 'x.mail.city.example', '', '@'])
      expect(says({ domain: [domain] }, { from })).toBeNull();
  });

  it.each([
    ['to', { to: [{ name: '', address: 'Leaks@elm.example' }] }],
    ['cc', { cc: [{ name: '', address: 'leaks@elm.example' }] }],
    ['the address it was delivered to', { deliveredTo: ['leaks@ELM.example'] }],
  ])('to looks at %s', (_, about) => {
    expect(says({ to: ['leaks@elm.example'] }, about)).toBe('it went to an address on its list (rule "r")');
    expect(says({ to: ['other@elm.example'] }, about)).toBeNull();
  });

  it('header wants each header that it names to hold one of its words', () => {
    const headers = [
      { name: 'x-form', value: 'Website Contact' },
      { name: 'x-site', value: 'Elm' },
    ];
    expect(says({ header: { 'X-Form': ['x', 'contact'] } }, { headers })).toBe(
      'the header x-form has "contact" (rule "r")',
    );
    expect(says({ header: { 'x-form': ['contact'], 'x-site': ['elm'] } }, { headers })).toBe(
      'the header x-form has "contact" and the header x-site has "elm" (rule "r")',
    );
    expect(says({ header: { 'x-form': ['contact'], 'x-site': ['oak'] } }, { headers })).toBeNull();
    expect(says({ header: { 'x-none': ['contact'] } }, { headers })).toBeNull();
    expect(says({ header: { 'x-form': [''] } }, { headers })).toBeNull();
  });

  it('attachment takes a part of the file name or a content type, and no picture that the mail only shows', () => {
    const file = { filename: 'Invoice_2026.PDF', contentType: 'application/pdf', size: 1, inline: false };
    const logo = { filename: 'logo.png', contentType: 'image/png', size: 1, inline: true };
    const photo = { filename: null, contentType: 'image/jpeg', size: 1, inline: false };
    expect(says({ attachment: ['invoice'] }, { attachments: [file] })).toBe('a file is "invoice" (rule "r")');
    expect(says({ attachment: ['application/pdf'] }, { attachments: [file] })).not.toBeNull();
    expect(says({ attachment: ['image/*'] }, { attachments: [photo] })).not.toBeNull();
    expect(says({ attachment: ['image/*', 'logo'] }, { attachments: [logo] })).toBeNull();
    expect(says({ attachment: ['image/j', 'application'] }, { attachments: [photo, file] })).toBeNull();
    expect(says({ attachment: [''] }, { attachments: [file] })).toBeNull();
  });

  it('all have to hold, and each is named', () => {
    const when = { subject: ['leak'], domain: ['home.example'] };
    expect(says(when, { subject: 'leak' })).toBe(
      'it comes from home.example and the subject has "leak" (rule "r")',
    );
    expect(says(when, { subject: 'rent' })).toBeNull();
  });

  it('that list nothing hold for nothing, and a rule without conditions is for every mail', () => {
    expect(says({ subject: [] }, { subject: 'leak' })).toBeNull();
    expect(says({ header: {} }, {})).toBeNull();
    expect(says({}, {})).toBe('it matches every mail (rule "r")');
  });
});

describe('the rule that decides', () => {
  const leaks = rule('leaks', { when: { subject: ['leak'] }, assign: toPriya });
  const about = mail({ subject: 'leak', text: 'water' });

  it('gives its category, priority and assignee', () => {
    const urgent = { ...leaks, priority: 'urgent' as const };
    expect(classify([urgent], 'office', about)).toEqual({
      category: 'leaks',
      priority: 'urgent',
      ruleId: 'leaks',
      assign: toPriya,
      customerInReplyTo: false,
      reason: { code: 'rule', sentence: 'the subject has "leak" (rule "leaks")' },
    });
  });

  it('is the one with the most conditions, wherever it stands', () => {
    const exact = rule('exact', { when: { subject: ['leak'], body: ['water'] }, assign: toTeam });
    for (const rules of [
      [leaks, exact],
      [exact, leaks],
    ]) {
      expect(classify(rules, 'office', about).ruleId).toBe('exact');
    }
  });

  it('is the first of several that name the same assignee', () => {
    const same = rule('same', { when: { body: ['water'] }, assign: { type: 'member', member: 'priya' } });
    expect(classify([same, leaks], 'office', about).ruleId).toBe('same');
    expect(classify([leaks, same], 'office', about).ruleId).toBe('leaks');
  });

  it('is none of two equally strong ones that name different assignees, in either order', () => {
    const other = rule('water', { when: { body: ['water'] }, assign: toTeam, priority: 'urgent' });
    for (const rules of [
      [leaks, other],
      [other, leaks],
    ]) {
      const result = classify(rules, 'office', about);
      expect(result).toMatchObject({ category: null, ruleId: null, assign: null, priority: 'urgent' });
      expect(result.reason.code).toBe('rules-tied');
      expect(result.reason.sentence).toContain('the subject has "leak" (rule "leaks")');
      expect(result.reason.sentence).toContain('the text has "water" (rule "water")');
    }
  });

  it('may be tied over the assignee and still agree on the category', () => {
    const other = rule('water', { when: { body: ['water'] }, assign: toTeam, category: 'leaks' });
    expect(classify([leaks, other], 'office', about)).toMatchObject({
      category: 'leaks',
      ruleId: null,
      assign: null,
    });
  });

  it('keeps the sentence of a tie of many short', () => {
    const many = Array.from({ length: 20 }, (_, index) =>
      rule(`r${index}`, { when: { subject: ['leak'] }, assign: { type: 'member', member: `m${index}` } }),
    );
    expect(classify(many, 'office', about).reason.sentence).toMatch(/; and 16 more$/);
  });

  it('is not weakened or joined by a stronger rule that names nobody, but made urgent by it', () => {
    const angry = rule('angry', { when: { subject: ['leak'], body: ['water'] }, priority: 'urgent' });
    expect(classify([angry, leaks], 'office', about)).toMatchObject({
      category: 'leaks',
      priority: 'urgent',
      ruleId: 'leaks',
      assign: toPriya,
    });
  });

  it('is not made urgent by a weaker one that would have assigned', () => {
    const weak = rule('weak', { assign: toTeam, priority: 'urgent' });
    expect(classify([weak, leaks], 'office', about)).toMatchObject({ priority: 'normal', ruleId: 'leaks' });
  });

  it('may only give a category and a priority', () => {
    const label = rule('label', { when: { subject: ['leak'] }, priority: 'urgent' });
    const result = classify([rule('all'), label], 'office', about);
    expect(result).toMatchObject({ category: 'label', priority: 'urgent', ruleId: 'label', assign: null });
    expect(result.reason).toEqual({
      code: 'rule-names-nobody',
      sentence: 'the subject has "leak" (rule "label"), and it names nobody',
    });
  });

  it('is none of another inbox, and one without inboxes is for all', () => {
    expect(classify([{ ...leaks, inboxes: ['sales'] }], 'office', about).reason.code).toBe('no-rule');
    expect(classify([{ ...leaks, inboxes: [] }], 'office', about).ruleId).toBe('leaks');
  });

  it('is none when nothing matches, and the reason says so', () => {
    expect(classify([leaks], 'office', mail({ subject: 'rent' }))).toEqual({
      category: null,
      priority: 'normal',
      ruleId: null,
      assign: null,
      customerInReplyTo: false,
      reason: { code: 'no-rule', sentence: 'no rule matches' },
    });
  });

  it('need not be the one that says where a web form names its customer', () => {
    const form = rule('form', { when: { from: ['x@forms.example'] }, assign: null, customer: 'reply-to' });
    const sent = mail({ subject: 'leak', from: [{ name: '', address: 'x@forms.example' }] });
    expect(classify([leaks, form], 'office', sent)).toMatchObject({
      ruleId: 'leaks',
      customerInReplyTo: true,
    });
    expect(classify([leaks, form], 'office', about)).toMatchObject({ customerInReplyTo: false });
  });

  it('is explained without a word of the customer and without an address', () => {
    const rules = [
      rule('one', {
        when: { from: ['maria@home.example'], to: ['office@elm.example'], body: ['water'] },
        assign: toPriya,
      }),
    ];
    const { sentence } = classify(
      rules,
      'office',
      mail({ subject: 'secret', text: 'secret water secret' }),
    ).reason;
    expect(sentence).toContain('water');
    expect(sentence).not.toMatch(/secret|@/);
  });
});
