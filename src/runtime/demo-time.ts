/**
 * The time of a demo. Its day is another one than ours, and whoever looks at its database with a command must read the
 * same clock as its workers: so how far it is from ours stands in a file beside that database. No other has one.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TimeSource } from '../adapters/db/sql.ts';
import type { Clock } from '../app/ports/clock.ts';
import { fromMs } from '../domain/instant.ts';

const fileIn = (dataDir: string): string => join(dataDir, 'demo-time');
const ours = () => fromMs(Date.now());

/** From here on it must keep pace with ours. */
export const noteDemoTime = (dataDir: string, clock: Clock): Promise<void> =>
  writeFile(fileIn(dataDir), `${Math.round(clock.now() - ours())}\n`);

/** Who tells the time of what is in the database of that folder. */
export async function timeIn(dataDir: string): Promise<TimeSource> {
  const written = await readFile(fileIn(dataDir), 'utf8').catch(() => null);
  if (written === null || !/^-?\d{1,18}\n$/.test(written)) return 'database';
  const ahead = Number(written);
  return { now: () => ours() + ahead };
}
