/** The PastMailbox port on a mailbox in memory. */
import type { PastMailbox, PastRaw } from '../../src/app/ports/past-mailbox.ts';
import type { MemoryMailbox } from './memory-mailbox.ts';

const ALL = 1_000_000;

export function pastMailboxOf({ reader }: MemoryMailbox, archives: readonly string[] = []): PastMailbox {
  async function everything(path: string): Promise<{ uidValidity: string; mails: PastRaw[] }> {
    const session = await reader.open(path, new AbortController().signal);
    try {
      const listed = await session.listAfter(0, ALL);
      const raws = new Map(
        (await session.fetch(listed.map(({ uid }) => uid))).map(({ uid, raw }) => [uid, raw]),
      );
      const mails = listed.flatMap(({ uid, size, internalDate }) => {
        const raw = raws.get(uid);
        return raw === undefined ? [] : [{ uid, size, receivedAt: internalDate, raw }];
      });
      return { uidValidity: session.uidValidity, mails };
    } finally {
      await session.close();
    }
  }
  return {
    folders: async ({ inbox, sent }) => [
      { path: inbox, role: 'inbox' },
      ...sent.map((path) => ({ path, role: 'sent' }) as const),
      ...archives.map((path) => ({ path, role: 'archive' }) as const),
    ],
    async read(path, since) {
      const { uidValidity, mails } = await everything(path);
      const recent = mails.filter(({ receivedAt }) => receivedAt >= since);
      async function* one(): AsyncGenerator<PastRaw> {
        yield* recent;
      }
      return { uidValidity, count: recent.length, mails: one() };
    },
    fetchWhole: async (path, uids) => (await everything(path)).mails.filter(({ uid }) => uids.includes(uid)),
    close: async () => {},
  };
}
