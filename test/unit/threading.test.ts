import { describe, expect, it } from 'vitest';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import {
  chooseThread,
  linksOf,
  messageIdKey,
  type ThreadCandidates,
  threadKeys,
} from '../../src/domain/threading.ts';

const OURS = 'abcdefghijklmnopqrstuvwxyz';
const mail = (given: Partial<Parameters<typeof chooseThread>[0]> = {}) => ({
  messageId: 'own@x',
  inReplyTo: [],
  references: [],
  from: [{ name: '', address: 'maria@x.example' }],
  to: [],
  cc: [],
  ...given,
});
const found = (given: Partial<ThreadCandidates> = {}): ThreadCandidates => ({
  fromToken: null,
  fromNotice: null,
  byNotice: new Map(),
  byOwnKey: new Map(),
  byReferringKey: new Map(),
  fromSubject: null,
  ...given,
});
const keys = (entries: Readonly<Record<string, number>>) =>
  new Map(Object.entries(entries).map(([id, conversation]) => [messageIdKey(id), conversation]));

describe('a mail belongs to', () => {
  it.each([
    ['what its address says, before all else', { fromToken: 1, fromNotice: 2, fromSubject: 3 }, 1, 'token'],
    [
      'what gives its sender a right, before any id',
      { fromNotice: 2, byOwnKey: keys({ 'a@x': 3 }) },
      2,
      'notice',
    ],
    ['what it answers', { byOwnKey: keys({ 'a@x': 3, 'b@x': 4 }), fromSubject: 5 }, 3, 'in-reply-to'],
    ['the nearest that it goes back to', { byOwnKey: keys({ 'b@x': 4, 'c@x': 5 }) }, 5, 'references'],
    ['a mail of ours that it goes back to', { byNotice: new Map([[OURS, 6]]) }, 6, 'notice-in-references'],
    [
      'what is nearer than a mail of ours',
      { byNotice: new Map([[OURS, 6]]), byOwnKey: keys({ 'c@x': 5 }) },
      5,
      'references',
    ],
    [
      'the number in its subject',
      { fromSubject: 7, byReferringKey: keys({ 'own@x': 8 }) },
      7,
      'subject-reference',
    ],
    ['what overtook it', { byReferringKey: keys({ 'own@x': 8 }) }, 8, 'referenced-earlier'],
  ] satisfies [string, Partial<ThreadCandidates>, number, string][])(
    '%s',
    (_, given, conversationId, evidence) => {
      const answer = mail({ inReplyTo: ['a@x'], references: [`${OURS}@elm.example`, 'b@x', 'c@x'] });
      expect(chooseThread(answer, found(given))).toEqual({ conversationId, evidence });
    },
  );

  it('a mail of ours that it answers', () => {
    const answer = mail({ inReplyTo: [`${OURS}@rewritten.example`] });
    expect(chooseThread(answer, found({ byNotice: new Map([[OURS, 6]]) }))?.evidence).toBe('notice');
  });

  it('nothing by naming a person instead of a mail', () => {
    const prose = mail({ inReplyTo: ['maria@x.example'] });
    expect(chooseThread(prose, found({ byOwnKey: keys({ 'maria@x.example': 1 }) }))).toBeNull();
  });

  it('nothing by naming itself, or by what nobody has', () => {
    const self = mail({ inReplyTo: ['own@x'], references: ['own@x', 'gone@x'] });
    expect(chooseThread(self, found({ byOwnKey: keys({ 'own@x': 1 }) }))).toBeNull();
    expect(linksOf(self).map(({ id }) => id)).toEqual(['gone@x']);
  });
});

const withReferences = (count: number) => {
  const ids = Array.from({ length: count }, (_, at) => `<r${at}@x.example>`);
  const raw = `From: a@x.example\r\nMessage-ID: <own@x>\r\nReferences: ${ids.join('\r\n ')}\r\n\r\nHello`;
  return parseInProcess(Buffer.from(raw));
};

it('a mail with a hundred thousand references is read in time, and has as few keys as any other', async () => {
  const before = process.cpuUsage();
  const read = await withReferences(100_000);
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  expect(threadKeys(read).length).toBeLessThanOrEqual(201);
});

it('of many references the newest stay, which name what is answered', async () => {
  expect((await withReferences(20_000)).references.at(-1)).toBe('r19999@x.example');
});
