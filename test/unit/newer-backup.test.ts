/** A backup that says it was made by a newer Baton, and whether that is to be believed. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { endFrame, FORMAT, frame } from '../../src/adapters/db/backup-format.ts';
import { checkBackup } from '../../src/adapters/db/restore.ts';

const written = frame('H', { baton: 'backup', format: FORMAT, createdAt: 0, migrations: [] });
const claimed = frame('H', { baton: 'backup', format: FORMAT + 1, createdAt: 0, migrations: [] });
const unknown = frame('D', Buffer.from('what only the newer one can read'));

const fileOf = (head: Buffer, summed: Buffer): Readable => {
  const all = createHash('sha256').update(summed).update(unknown);
  return Readable.from([zstdCompressSync(Buffer.concat([head, unknown, endFrame(all)]))]);
};

test('a backup of a newer Baton is refused as such, whatever is in it', async () => {
  await expect(checkBackup(fileOf(claimed, claimed))).rejects.toMatchObject({ code: 'backup-newer' });
});

test('a backup whose bytes were changed so that it says so is damaged', async () => {
  await expect(checkBackup(fileOf(claimed, written))).rejects.toMatchObject({ code: 'backup-damaged' });
});
