/** What a sink received against what the outbox says was sent, and how the mails of a sink are read. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { AuditedNotice } from '../../src/app/ports/audit.ts';
import { checkSink, type SinkMail } from '../../src/app/verify-sink.ts';
import { readSink, sinkMail } from '../../src/runtime/sink-folder.ts';

const notice = (changes: Partial<AuditedNotice> = {}): AuditedNotice => ({
  ...{ id: 1, key: 'a', kind: 'acknowledgement', conversationId: 1001, state: 'sent' },
  ...{ recipient: 'Carla@tenant.example', uncertain: 0 },
  ...changes,
});
const mail = (changes: Partial<SinkMail> = {}): SinkMail => ({
  ...{ file: 'mail.1', messageId: 'a@elm.example', recipients: ['carla@tenant.example'] },
  ...{ autoSubmitted: true, hash: 'same' },
  ...changes,
});
const lines = (notices: readonly AuditedNotice[], mails: readonly SinkMail[]) =>
  checkSink(notices, mails).map(({ invariant, what, ids }) => `${invariant} ${what}: ${ids.join()}`);

describe('a sink', () => {
  test('that holds each notice once, for its recipient in any case, has nothing wrong', () => {
    expect(lines([notice(), notice({ id: 2, key: 'b', state: 'pending' })], [mail()])).toEqual([]);
  });

  test('is told by file of mails that nobody sent, a Message-ID missing included', () => {
    const strays = [mail({ file: 'x', messageId: 'z@elm.example' }), mail({ file: 'y', messageId: null })];
    expect(lines([notice()], [mail(), ...strays])).toEqual([
      'I5 mails in the sink that are in no outbox: x,y',
    ]);
  });

  test('lacks a mail only for a notice that counts as sent', () => {
    const waiting = (['pending', 'sending', 'failed', 'dropped'] as const).map((state, at) =>
      notice({ id: at + 2, key: state, state }),
    );
    expect(lines([notice(), ...waiting], [])).toEqual(['I5 notices sent of which the sink has no mail: 1']);
  });

  test.each([
    ['somebody else', ['sam@elm.example']],
    ['somebody else too', ['carla@tenant.example', 'sam@elm.example']],
    ['nobody', []],
  ])('is red over a mail for %s', (_, recipients) => {
    expect(lines([notice()], [mail({ recipients })])).toEqual(['I5 notices that reached somebody else: 1']);
  });

  test('may hold one copy more for each attempt of which nobody knows what became', () => {
    const three = [mail(), mail(), mail()];
    expect(lines([notice({ uncertain: 2 })], three)).toEqual([]);
    expect(lines([notice({ uncertain: 1 })], three)).toEqual([
      'I6 notices received more often than their uncertain attempts explain: 1',
    ]);
  });

  test('is red over copies with other bytes, though attempts explain their number', () => {
    expect(lines([notice({ uncertain: 1 })], [mail(), mail({ hash: 'other' })])).toEqual([
      'I6 notices whose copies differ: 1',
    ]);
  });

  test('is red over a second acknowledgement of a conversation, not over one of another', () => {
    const notices = [
      notice(),
      notice({ id: 2, key: 'b' }),
      notice({ id: 3, key: 'c', conversationId: 1002 }),
    ];
    const mails = ['a', 'b', 'c'].map((key) => mail({ messageId: `${key}@elm.example` }));
    expect(lines(notices, mails)).toEqual([
      'I4 conversations whose customer got several acknowledgements: 1001',
    ]);
  });
});

describe('the mails of a sink', () => {
  const content =
    'From: Elm <o@elm.example>\nTo: Carla <carla@tenant.example>\nMessage-ID: <a@elm.example>\n\nHello\n';
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });
  const folderOf = (...texts: string[]): string => {
    const folder = mkdtempSync(join(tmpdir(), 'baton-sink-'));
    folders.push(folder);
    for (const [at, text] of texts.entries()) writeFileSync(join(folder, `mail.${at}`), text);
    return folder;
  };
  const dump = (id: string) =>
    `X-Client-Addr: 127.0.0.1\nX-Mail-Args: <a@elm.example>\nX-Rcpt-Args: <Carla@Tenant.example>\nReceived: from localhost\n\tby smtp-sink id ${id};\n\tMon\n`;

  test('are the same in two copies, whatever the sink put in front and however lines end', () => {
    const [one, two] = readSink(folderOf(`${dump('1')}${content}\n`, `${dump('2')}${content}\n`));
    expect(one?.hash).toBe(two?.hash);
    expect(sinkMail('f', content.replaceAll('\n', '\r\n')).hash).toBe(one?.hash);
    expect(sinkMail('f', content.replace('Hello', 'Hullo')).hash).not.toBe(one?.hash);
  });

  test('are for whom the envelope names, and only without one for whom the header names', () => {
    const recipients = (text: string) => sinkMail('f', text).recipients;
    expect(recipients(`${dump('1').replace('Carla@Tenant', 'sam@elm')}${content}\n`)).toEqual([
      'sam@elm.example',
    ]);
    expect(recipients(`Delivered-To: sam@elm.example\n${content}`)).toEqual(['sam@elm.example']);
    expect(recipients(content)).toEqual(['carla@tenant.example']);
  });

  test('are only whole ones: what smtp-sink was still receiving when it ended was never taken', () => {
    const whole = `${dump('1')}${content}\n`;
    expect(readSink(folderOf(whole, whole.slice(0, -4), dump('3')))).toHaveLength(1);
  });

  test('cannot be read from a folder that is not there, which is said', () => {
    expect(() => readSink('/nowhere/at/all')).toThrow(/\/nowhere\/at\/all cannot be read.*Give the folder/s);
  });
});
