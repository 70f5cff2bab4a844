/**
 * PastMailbox on imapflow: one connection that goes from folder to folder, EXAMINE and PEEK only, so that no flag is set
 * and nothing counts as seen.
 */
import { ImapFlow, type ListResponse } from 'imapflow';
import { Failure } from '../../app/failures.ts';
import type { PastFolder, PastListed, PastMailbox, PastRaw } from '../../app/ports/past-mailbox.ts';
import { DAY, fromDate, fromMs, type Instant, toDate } from '../../domain/instant.ts';
import { clientOptions, Heard, IMAP_TIMINGS, type ImapOptions } from './mailbox-reader.ts';
import { type Place, toFailure } from './translate.ts';
import { uidSets } from './uids.ts';

/** One answer of the server is kept in memory whole. */
const PORTION_MAILS = 50;
const PORTION_BYTES = 16 * 1024 * 1024;

type Entry = Pick<ListResponse, 'path' | 'delimiter' | 'specialUse' | 'flags'>;

export async function openPastMailbox(options: ImapOptions): Promise<PastMailbox> {
  const heard = new Heard(() => {});
  const { host, port, user, token, password = '' } = options;
  const granted = await token?.();
  const login = { secret: granted?.value ?? password, until: granted?.until ?? null };
  const client = new ImapFlow(clientOptions(options, login, IMAP_TIMINGS, heard));
  client.on('error', (error: unknown) => heard.warn({ err: error }));
  const place: Place = { host, port, user, ...login, folder: 'INBOX' };
  const ask = async <Answer>(doing: string, command: () => Promise<Answer>): Promise<Answer> => {
    heard.forget();
    try {
      return await command();
    } catch (error) {
      client.close();
      throw toFailure(heard.best(error), place, doing);
    }
  };
  await ask('connecting', () => client.connect());
  return {
    folders: async (named) => pastFoldersIn(await ask('listing folders', () => client.list()), named),
    async read(path, since, bytesMax) {
      const uidValidity = await ask(`opening "${path}"`, () => examine(client, path));
      const listed = await ask('looking for mail', () => listSince(client, since));
      return { uidValidity, count: listed.length, mails: inPortions(listed) };

      async function* inPortions(all: readonly PastListed[]): AsyncGenerator<PastRaw> {
        for (const portion of portionsOf(all, bytesMax))
          yield* await ask('reading mail', () => fetchRaw(client, portion, bytesMax));
      }
    },
    async fetchWhole(path, uids, bytesMax) {
      await ask(`opening "${path}"`, () => examine(client, path));
      const listed = await ask('looking for mail', () => describe(client, uids));
      const whole: PastRaw[] = [];
      for (const portion of portionsOf(
        listed.filter(({ size }) => size <= bytesMax),
        bytesMax,
      ))
        whole.push(...(await ask('reading mail', () => fetchRaw(client, portion, null))));
      return whole;
    },
    async close() {
      await client.logout().catch(() => {});
      client.close();
    },
  };
}

/** RFC 6154 names what a folder is for; what lies below it belongs to it. No I/O. */
export function pastFoldersIn(
  entries: readonly Entry[],
  named: { readonly inbox: string; readonly sent: readonly string[] },
): readonly PastFolder[] {
  const isBelow = (path: string, { path: above, delimiter }: Entry): boolean =>
    path === above || (delimiter !== '' && path.startsWith(`${above}${delimiter}`));
  const marked = (...uses: readonly string[]) =>
    entries.filter(({ specialUse }) => specialUse !== undefined && uses.includes(specialUse));
  const unread = marked('\\Junk', '\\Trash', '\\Drafts');
  const sent = [...marked('\\Sent'), ...entries.filter(({ path }) => named.sent.includes(path))];
  const archives = marked('\\Archive', '\\All');
  const inbox = entries.filter(({ path }) => isSameFolder(path, named.inbox));
  const roleOf = (path: string): PastFolder['role'] | null => {
    if (unread.some((one) => isBelow(path, one))) return null;
    if (sent.some((one) => isBelow(path, one))) return 'sent';
    if (isSameFolder(path, named.inbox)) return 'inbox';
    return [...archives, ...inbox].some((one) => isBelow(path, one)) ? 'archive' : null;
  };
  return entries.flatMap(({ path, flags }) => {
    const role = roleOf(path);
    const isUsable = !flags.has('\\Noselect') && !flags.has('\\NonExistent');
    return role === null || !isUsable ? [] : [{ path, role }];
  });
}

/** RFC 3501 section 5.1: INBOX is the one name that is not told by its case. */
const isSameFolder = (path: string, name: string): boolean =>
  path === name || (path.toUpperCase() === 'INBOX' && name.toUpperCase() === 'INBOX');

async function examine(client: ImapFlow, path: string): Promise<string> {
  await client.mailboxOpen(path, { readOnly: true });
  const { mailbox } = client;
  if (mailbox === false || mailbox.uidValidity === undefined)
    throw new Failure('temporary', 'imap-refused', `The server did not open the folder "${path}".`);
  return mailbox.uidValidity.toString();
}

/** SEARCH knows days in whatever zone the server likes, so that it is asked for one more and looked at then. */
async function listSince(client: ImapFlow, since: Instant): Promise<PastListed[]> {
  const found = await client.search({ since: toDate(since - DAY), draft: false }, { uid: true });
  if (found === false || found === undefined)
    throw new Failure('temporary', 'imap-refused', 'The server refused to search the folder.');
  return (await describe(client, found)).filter(({ receivedAt }) => receivedAt >= since);
}

async function describe(client: ImapFlow, uids: readonly number[]): Promise<PastListed[]> {
  const wanted = new Set(uids);
  const listed = new Map<number, PastListed>();
  for (const set of uidSets(uids)) {
    const rows = await client.fetchAll(set, { uid: true, size: true, internalDate: true }, { uid: true });
    for (const { uid, size = 0, internalDate } of rows) {
      if (!wanted.has(uid)) continue;
      const receivedAt = internalDate === undefined ? Number.NaN : fromDate(new Date(internalDate));
      // A date that nobody can read: now, so that the mail is looked at.
      listed.set(uid, { uid, size, receivedAt: Number.isNaN(receivedAt) ? fromMs(Date.now()) : receivedAt });
    }
  }
  return [...listed.values()].sort((a, b) => a.uid - b.uid);
}

function* portionsOf(all: readonly PastListed[], bytesMax: number): Generator<readonly PastListed[]> {
  let portion: PastListed[] = [];
  let bytes = 0;
  for (const one of all) {
    const size = Math.min(one.size, bytesMax);
    if (portion.length >= PORTION_MAILS || (portion.length > 0 && bytes + size > PORTION_BYTES)) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(one);
    bytes += size;
  }
  if (portion.length > 0) yield portion;
}

/** Whoever was quicker to delete one is no failure: it is absent from the answer. */
async function fetchRaw(
  client: ImapFlow,
  portion: readonly PastListed[],
  bytesMax: number | null,
): Promise<PastRaw[]> {
  const known = new Map(portion.map((one) => [one.uid, one]));
  const source = bytesMax === null ? true : { start: 0, maxLength: bytesMax };
  const mails: PastRaw[] = [];
  for (const set of uidSets(portion.map(({ uid }) => uid))) {
    for (const { uid, source: raw } of await client.fetchAll(set, { uid: true, source }, { uid: true })) {
      const listed = known.get(uid);
      if (listed !== undefined && raw instanceof Uint8Array) mails.push({ ...listed, raw });
    }
  }
  return mails;
}
