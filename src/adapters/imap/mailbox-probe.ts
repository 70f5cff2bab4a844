/** MailboxProbe on imapflow: logs in, asks what the server can do and which folders there are, and leaves. */
import { ImapFlow } from 'imapflow';
import type { MailboxProbe } from '../../app/ports/doctor.ts';
import { clientOptions, Heard, IMAP_TIMINGS, type ImapOptions } from './mailbox-reader.ts';
import { type Login, type Place, toFailure } from './translate.ts';

/** A mailbox of a shared address has tens of folders, not thousands. */
const FOLDERS_MAX = 500;

export function imapMailboxProbe(options: ImapOptions): MailboxProbe {
  const timings = { ...IMAP_TIMINGS, ...options.timings };
  return {
    async look() {
      const { token, password = '' } = options;
      const found = await token?.();
      const login: Login =
        found === undefined ? { secret: password, until: null } : { secret: found.value, until: found.until };
      const place: Place = { ...options, ...login, folder: '' };
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
