/** Which folders of a mailbox a look back reads, and as what. */
import { expect, test } from 'vitest';
import { pastFoldersIn } from '../../src/adapters/imap/past-mailbox.ts';

const entry = (path: string, specialUse?: string, ...flags: string[]) => ({
  path,
  delimiter: '/',
  flags: new Set(flags),
  ...(specialUse !== undefined && { specialUse }),
});
const named = { inbox: 'INBOX', sent: ['Answers'] };

test('a look back reads the inbox, sent mail and archives with what lies below them, and never spam, drafts and the bin', () => {
  const folders = pastFoldersIn(
    [
      entry('INBOX'),
      entry('INBOX/Done'),
      entry('Answers'),
      entry('Sent Items', '\\Sent'),
      entry('Archive', '\\Archive'),
      entry('Archive/2025'),
      entry('Archives of others'),
      entry('[Gmail]', undefined, '\\Noselect'),
      entry('[Gmail]/All Mail', '\\All'),
      entry('Junk', '\\Junk'),
      entry('Junk/Old'),
      entry('INBOX/Trash', '\\Trash'),
      entry('Drafts', '\\Drafts'),
    ],
    named,
  );
  expect(folders.map(({ path, role }) => `${path}: ${role}`)).toEqual([
    'INBOX: inbox',
    'INBOX/Done: archive',
    'Answers: sent',
    'Sent Items: sent',
    'Archive: archive',
    'Archive/2025: archive',
    '[Gmail]/All Mail: archive',
  ]);
});
