/** How far an erasure goes, row by row, and what the person at the terminal is told of it. */
import { describe, expect, test } from 'vitest';
import { inTheWay, inWords } from '../../src/cli/erase.ts';
import {
  type Erased,
  judgeMessage,
  judgeNotice,
  judgeText,
  namesOf,
  spellingsOf,
} from '../../src/domain/erasure.ts';
import type { Mail } from '../../src/domain/message.ts';

const MARIA = { name: 'Maria Quill', address: 'Maria@tenant.example' };
const OTTO = { name: 'Otto', address: 'otto@tenant.example' };
const OFFICE = { name: '', address: 'office@elm.example' };

const erased: Erased = {
  addresses: ['maria@tenant.example'],
  needles: spellingsOf(['maria@tenant.example']),
  names: namesOf(['Maria Quill', 'Maria', ''], ['Wobbly banister']),
  own: new Set([1001]),
  touched: new Set([1002]),
};

const NOTHING = { sender: [], to: [OFFICE], cc: [], replyTo: [], subject: '', text: '' } as const;
const mailOf = (parts: Partial<Mail>): Mail =>
  ({ ...NOTHING, from: [OTTO], reply: { text: '', quoted: '', signature: '' }, ...parts }) as unknown as Mail;

const judge = (parts: Partial<Mail>, row: Partial<Parameters<typeof judgeMessage>[0]> = {}) =>
  judgeMessage(
    { conversationId: null, member: null, raw: Buffer.from('x'), mail: mailOf(parts), ...row },
    erased,
  );

describe('erasing', () => {
  test('takes whatever stands in their own requests, whoever wrote it', () => {
    expect(judge({}, { conversationId: 1001 }).type).toBe('erase');
    expect(judge({}, { conversationId: 1001, mail: null, raw: null }).type).toBe('erase');
  });

  test('takes what they wrote wherever it is, and what was written to them about no request', () => {
    expect(judge({ from: [MARIA] }, { conversationId: 1003 }).type).toBe('erase');
    expect(judge({ replyTo: [MARIA] }).type).toBe('erase');
    expect(judge({ to: [MARIA] }).type).toBe('erase');
    expect(judge({ to: [MARIA] }, { conversationId: 1003 }).type).toBe('redact');
  });

  test('leaves the mails of others as they are when they say nothing of them', () => {
    expect(judge({ text: 'Maria Quill lives above, and joanmaria@tenant.example too' })).toEqual({
      type: 'keep',
    });
  });

  test('takes the bytes that name them although the words do not', () => {
    const raw = Buffer.from('X-Envelope-To: MARIA@tenant.example\r\n\r\nhello');
    expect(judge({}, { raw })).toEqual({ type: 'redact', mail: mailOf({}) });
  });

  test('takes their name and what was quoted out of the mails of teammates, and keeps what these wrote', () => {
    const reply = { text: 'For maria quill, see #1001.', quoted: 'The zebrafinch', signature: '' };
    const verdict = judge({ text: 'all of it', reply }, { conversationId: 1002, member: 'leah' });
    expect(verdict).toMatchObject({
      mail: { text: 'For erased, see #1001.', reply: { text: 'For erased, see #1001.', quoted: '' } },
    });
    const mail = verdict.type === 'redact' ? verdict.mail : null;
    expect(judge({}, { conversationId: 1002, member: 'leah', mail, raw: null })).toEqual({ type: 'keep' });
  });

  test('takes mails of ours about their requests, to them, and where a list names them', () => {
    const notice = { about: [1003], recipient: 'leah@elm.example', raw: Buffer.from('hello') };
    expect(judgeNotice(notice, erased)).toBe('keep');
    expect(judgeNotice({ ...notice, about: [1003, 1002] }, erased)).toBe('erase');
    expect(judgeNotice({ ...notice, recipient: 'maria@tenant.example' }, erased)).toBe('erase');
    expect(judgeNotice({ ...notice, raw: Buffer.from('#1001 Wobbly\r\n banister') }, erased)).toBe('erase');
    expect(judgeNotice({ ...notice, raw: Buffer.from('#10011, banister') }, erased)).toBe('keep');
  });

  test('takes no first name and no short subject for somebody', () => {
    expect(namesOf(['Maria', 'Maria Quill'], ['Leak'])).toEqual(['maria quill']);
    expect(judgeText('Maria called', erased)).toBeNull();
    expect(judgeText('Maria Quill called', erased)).toBe('erased called');
  });
});

describe('what baton erase says', () => {
  test('counts, and names the mails that it may not delete', () => {
    const counts = { requests: 1, contacts: 0, messages: 2, redacted: 1, texts: 0, notices: 3, examples: 2 };
    const places = [{ inboxId: 'office', folder: 'INBOX', uids: [4, 9] }];
    expect(inWords({ type: 'erased', counts, places }, 'maria@tenant.example')).toBe(`Erased:
  1 request with all that was said in them
  2 mails whole
  the address, with the bytes and files, of 1 mail that others wrote
  the bytes of 3 mails that Baton sent
  0 texts of teammates, or the address in them
  0 entries of somebody who helps or is in copy
  2 examples from an archive
These mails lie in your mailboxes, where Baton deletes nothing. Delete them there (numbers are IMAP UIDs):
  office/INBOX: 4, 9
`);
  });

  test('names what is in the way and who has to see to it', () => {
    const told = inTheWay({ open: [1001], undecided: [7], unsent: [] }, false);
    expect(told).toMatch(/^Nothing was erased\.\nNot done yet: #1001\./);
    expect(told).toContain('has read or decided on yet: 7.');
    expect(inTheWay({ open: [1001], undecided: [7], unsent: [3] }, true)).not.toContain('#1001');
  });
});
