/** MailboxProbe on imapflow: logs in, asks what the server can do and which folders there are, and leaves. */
import { ImapFlow } from 'imapflow';
import type { MailboxProbe } from '../../app/ports/doctor.ts';
import { clientOptions, Heard, IMAP_TIMINGS, type ImapOptions } from './mailbox-reader.ts';
import { type Place, toFailure } from './translate.ts';

/** A mailbox of a shared address has tens of folders, not thousands. */
const FOLDERS_MAX = 500;

export function imapMailboxProbe(options: ImapOptions): MailboxProbe {
  const timings = { ...IMAP_TIMINGS, ...options.timings };
  return {
    async look() {
      const { host, port, user, token, password = '' } = options;
      const granted = await token?.();
      const login = { secret: granted?.value ?? password, until: granted?.until ?? null };
      const place: Place = { host, port, user, ...login, folder: '' };
      const heard = new Heard(() => {});
      const client = new ImapFlow(clientOptions(options, login, timings, heard));
      client.on('error', (error: unknown) => heard.warn({ err: error }));
      try {
        await client.connect();
        const folders = await client.list();
        return {
          capabilities: new Set([...client.capabilities.keys()].map((name) => name.toUpperCase())),
          folders: folders
            .filter(({ flags }) => !flags.has('\\Noselect'))
            .slice(0, FOLDERS_MAX)
            .map(({ path, specialUse }) => ({ path, use: specialUse ?? null })),
        };
      } catch (error) {
        throw toFailure(heard.best(error), place, 'connecting');
      } finally {
        client.close();
      }
    },
  };
}
