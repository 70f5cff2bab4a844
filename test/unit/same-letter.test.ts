import { expect, it } from 'vitest';
import { isSameLetter } from '../../src/domain/same-letter.ts';

const file = { filename: 'a.pdf', contentType: 'application/pdf', size: 9, inline: false };
const first = {
  messageId: 'a@x',
  date: 1,
  subject: 'Leak',
  text: 'Water is dripping.\n',
  attachments: [file],
};
const FOOTER = '\n_______________\ntenants mailing list\nhttps://lists.example/tenants\n';

it.each([
  ['by a list that writes below it', { text: `${first.text}${FOOTER}`, subject: '[tenants] Leak' }],
  ['by a list that takes files off', { attachments: [] }],
  ['with other line ends', { text: 'Water is\r\ndripping.' }],
])('a letter is the same when it comes %s', (_, changed) => {
  expect(isSameLetter(first, { ...first, ...changed })).toBe(true);
});

it('a letter is the same when its list was quicker', () => {
  expect(isSameLetter({ ...first, text: `${first.text}${FOOTER}` }, first)).toBe(true);
});

it.each([
  ['says more', { text: 'Water is dripping. Hurry!' }],
  ['says something else', { text: 'All is well.' }],
  ['says more below a line', { text: `${first.text}\n_____\nAnd the door is broken.` }],
  ['has a file more', { attachments: [file, { ...file, filename: 'b.pdf' }] }],
  ['has another subject', { subject: 'Flood' }],
  ['has another date', { date: 2 }],
  ['has no date', { date: null }],
  ['has another id', { messageId: 'b@x' }],
  ['has no id', { messageId: null }],
])('a letter is another one when it %s', (_, changed) => {
  expect(isSameLetter(first, { ...first, ...changed })).toBe(false);
});

it('a letter that is empty is not held by every other', () => {
  expect(isSameLetter(first, { ...first, text: '' })).toBe(false);
});
