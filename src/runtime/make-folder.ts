/**
 * A folder and all above it. Node's own recursion never ends where a folder cannot be made although the one above it is
 * there, as below /proc: it takes the refusal for one that is missing further up, over and over.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Nothing to do where it is there already. @throws what the operating system says. */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  const above = dirname(resolve(path));
  if (!existsSync(above)) await makeFolder(above, mode);
  await mkdir(path, { mode }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
