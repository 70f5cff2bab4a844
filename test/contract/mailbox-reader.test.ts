import { imapMailboxReader } from '../../src/adapters/imap/mailbox-reader.ts';
import { startMailServer } from '../../src/runtime/mail-server/mail-server.ts';
import { memoryMailbox } from '../support/memory-mailbox.ts';
import { describeMailboxReader, type MailboxWorld } from './mailbox-reader.contract.ts';

describeMailboxReader('in memory', async (): Promise<MailboxWorld> => {
  const box = memoryMailbox();
  return { ...box, close: async () => {} };
});

describeMailboxReader('imapflow and hoodiecrow', async (): Promise<MailboxWorld> => {
  const user = 'office@acme.example';
  const password = 'secret';
  const server = await startMailServer({
    mailboxes: [{ user, password, folders: ['INBOX', 'Sent'] }],
    onMail: () => {},
  });
  return {
    reader: imapMailboxReader({ host: '127.0.0.1', port: server.imapPort, tls: 'none', user, password }),
    append: (folder, raw, at) => server.append(user, folder, raw, at),
    expunge: (folder, uid) => server.expunge(user, folder, uid),
    changeUidValidity: (folder) => server.setUidValidity(user, folder, 99),
    dropConnections: () => server.dropImapConnections(),
    flags: (folder) => server.flags(user, folder),
    close: () => server.close(),
  };
});
