/** What people and backups do to the mailbox itself. */
import type { Injected } from '../manifest.ts';
import { chosen, type Fault, type Ground, nothingToMend } from './fault.ts';

/** So long nothing that happens here keeps Baton from the mailbox, for when the database cannot be asked. */
const SURELY_SEEN_MS = 300_000;
const FOLDER = 'Archive';
const TOUCHED = 3;

type Found = { readonly uid: number; readonly mail: Injected };

/** Some mails that lie there now: the newest one, and others. */
function some({ drop, manifest }: Ground, choice: number): Found[] {
  const lying = drop.uids().flatMap(({ uid, file }) => {
    const mail = manifest.byFile(file);
    return mail === undefined ? [] : [{ uid, mail }];
  });
  if (lying.length === 0) return [];
  const others = Array.from({ length: TOUCHED - 1 }, (_, at) => chosen(lying, (choice * (at + 1) * 13) % 1));
  return [...new Set([lying.at(-1), ...others])].flatMap((one) => one ?? []);
}

/** A server that is away refuses a person, too; then nothing has happened. */
async function eachOf(ground: Ground, choice: number, deed: (found: Found) => Promise<void>): Promise<void> {
  for (const found of some(ground, choice)) await deed(found).catch(() => {});
}

/** What is taken out before Baton has seen it is lost to it, and no promise is broken. */
async function markUnseen({ setting }: Ground, mails: readonly Injected[]): Promise<void> {
  const seen = await setting.pool
    .query<{ hash: string }>('SELECT raw_hash AS hash FROM message WHERE raw_hash = ANY ($1)', [
      mails.map(({ hash }) => hash),
    ])
    .then(({ rows }) => new Set(rows.map(({ hash }) => hash)))
    .catch(() => null);
  const isYoung = ({ at }: Injected): boolean => Date.now() - at < SURELY_SEEN_MS;
  for (const mail of mails) if (seen === null ? isYoung(mail) : !seen.has(mail.hash)) mail.atRisk = true;
}

export const mailboxFaults = {
  uidvalidity: async ({ setting }, choice) => {
    const next = Math.floor(Date.now() / 1_000) + 1 + Math.floor(choice * 1_000);
    await setting.dovecot.setUidValidity(setting.user, 'INBOX', next).catch(() => {});
    return nothingToMend;
  },
  restored: (ground) => {
    const { setting, manifest } = ground;
    const flags = new Map([...manifest.flags].map(([file, set]) => [file, new Set(set)]));
    const putBack = setting.dovecot.backup(setting.user);
    return async () => {
      putBack();
      // Asked of the disk: Dovecot may have moved a mail under the hands of whoever made the copy.
      const kept = new Set(ground.drop.lying().map(({ file }) => file));
      const gone = manifest.mails.filter(({ file }) => !kept.has(file));
      manifest.flags.clear();
      for (const [file, set] of flags) manifest.flags.set(file, set);
      await markUnseen(ground, gone);
    };
  },
  expunge: async (ground, choice) => {
    await eachOf(ground, choice, async ({ uid, mail }) => {
      // Asked before: it may be done although its answer is lost.
      await markUnseen(ground, [mail]);
      await ground.person.expunge('INBOX', uid);
    });
    return nothingToMend;
  },
  moves: async (ground, choice) => {
    await ground.person.createFolder(FOLDER).catch(() => {});
    await eachOf(ground, choice, async ({ uid, mail }) => {
      await markUnseen(ground, [mail]);
      await ground.person.move('INBOX', uid, FOLDER);
    });
    return nothingToMend;
  },
  flags: async (ground, choice) => {
    await eachOf(ground, choice, async ({ uid, mail }) => {
      for (const flag of ['\\Seen', '\\Flagged']) {
        // Noted first: it may be done although its answer is lost.
        ground.manifest.flagged(mail.file, flag);
        await ground.person.flag('INBOX', uid, [flag]);
      }
    });
    return nothingToMend;
  },
} satisfies Record<string, Fault>;
