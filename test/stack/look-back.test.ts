/** A look back at a mailbox on Dovecot: what it reads, and that nothing of the mailbox changes by it. */
import { beforeEach, expect, test } from 'vitest';
import { openPastMailbox } from '../../src/adapters/imap/past-mailbox.ts';
import { lookBackAt, readMailboxes } from '../../src/app/look-back.ts';
import { DAY, fromMs, HOUR, type Instant } from '../../src/domain/instant.ts';
import { inProcessParser } from '../support/in-process-parser.ts';
import { writeLetter } from '../support/letters.ts';
import { testPolicy } from '../support/policy.ts';
import { type Dovecot, PASSWORD, startDovecot } from '../support/stack/dovecot.ts';
import { type Human, human } from '../support/stack/human.ts';
import { describeOn, useServer } from '../support/stack/use-server.ts';

const INBOX = 'maintenance@elm.example';
const FOLDERS = ['INBOX', 'INBOX/Done', 'Sent', 'Unwanted'];

describeOn(['dovecot'], 'a look back on Dovecot', () => {
  const dovecot = useServer(startDovecot);
  const policy = testPolicy();
  const until = fromMs(Date.now());
  let server: Dovecot;
  let person: Human;
  let options: Parameters<typeof openPastMailbox>[0];

  beforeEach(() => {
    server = dovecot();
    const user = server.newUser();
    person = human({ port: server.port, user, password: PASSWORD });
    options = { host: '127.0.0.1', port: server.port, tls: 'none', user, password: PASSWORD };
  });

  type Said = { id: string; from: string; to: string; ago: number; answers?: string; text?: string };
  const letter = ({ id, from, to, ago, answers, text = 'Water drips.' }: Said): [Uint8Array, Instant] => {
    const date = until - ago;
    const answered = answers === undefined ? null : { messageId: `${answers}@x.example`, references: [] };
    const subject = answers === undefined ? `About ${id}` : `Re: About ${answers}`;
    const words = { from, to: [to], subject, text, date, messageId: `${id}@x.example`, answers: answered };
    return [writeLetter(words), date];
  };
  const put = (folder: string, said: Said) => person.append(folder, ...letter(said));

  async function look(days = 30) {
    const from = until - days * DAY;
    const read = await readMailboxes(
      {
        ...{ parser: inProcessParser(), policy, told: () => {} },
        open: () => openPastMailbox(options),
        foldersOf: () => ({ inbox: 'INBOX', sent: ['Sent'] }),
      },
      ['maintenance'],
      from,
    );
    const past = lookBackAt(read, policy, { from, until });
    const [found] = past.inboxes.filter(({ inbox }) => inbox === 'maintenance');
    if (found === undefined) throw new Error('there is an inbox');
    return { read, found };
  }

  test('finds who waits in the inbox and below it, answers among the sent, and reads neither spam nor what is older', async () => {
    for (const name of ['INBOX/Done', 'Unwanted']) await person.createFolder(name);
    await put('INBOX', { id: 'leak', from: 'maria@mail.example', to: INBOX, ago: 5 * DAY });
    await put('INBOX/Done', { id: 'key', from: 'osei@mail.example', to: INBOX, ago: 4 * DAY });
    await put('INBOX/Done', { id: 'noise', from: 'wei@mail.example', to: INBOX, ago: 3 * DAY });
    await put('Sent', { id: 'a', from: INBOX, to: 'osei@mail.example', ago: 3 * DAY, answers: 'key' });
    await put('Unwanted', { id: 'spam', from: 'win@shop.example', to: INBOX, ago: DAY });
    await put('INBOX', { id: 'old', from: 'old@mail.example', to: INBOX, ago: 40 * DAY });
    const { read, found } = await look();
    expect(read.folders.map(({ folder, mails }) => [folder.path, folder.role, mails]).sort()).toEqual([
      ['INBOX', 'inbox', 1],
      ['INBOX/Done', 'archive', 2],
      ['Sent', 'sent', 1],
    ]);
    expect(found.waiting.map(({ customer }) => customer.address)).toEqual([
      'maria@mail.example',
      'wei@mail.example',
    ]);
    expect(found.requests.length).toBe(3);
  });

  test('leaves every flag, UID and count as it was, and nothing is marked as read', async () => {
    for (const name of ['INBOX/Done', 'Unwanted']) await person.createFolder(name);
    for (const [at, id] of ['one', 'two', 'three', 'four'].entries()) {
      const uid = await put('INBOX', { id, from: `${id}@mail.example`, to: INBOX, ago: (at + 1) * HOUR });
      if (at % 2 === 0) await person.flag('INBOX', uid, ['\\Flagged', 'Baton-test']);
    }
    await put('Sent', { id: 'b', from: INBOX, to: 'one@mail.example', ago: HOUR / 2, answers: 'one' });
    const everything = async () =>
      Promise.all(
        FOLDERS.map(async (folder) => {
          const flags = [...(await person.flags(folder))].map(([uid, set]) => [
            uid,
            // The first session that opens a folder is told what came since the last one, whoever it is.
            set.filter((flag) => flag !== '\\Recent').sort(),
          ]);
          return { folder, flags, next: await person.uidNext(folder) };
        }),
      );
    const before = await everything();
    await look();
    expect(await everything()).toEqual(before);
    expect(before[0]?.flags.flat(2)).not.toContain('\\Seen');
  });

  test('a refused login says what to do', async () => {
    const refused = openPastMailbox({ ...options, password: 'wrong' });
    await expect(refused).rejects.toMatchObject({ code: 'imap-login-refused' });
  });
});
