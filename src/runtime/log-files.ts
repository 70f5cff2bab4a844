/**
 * Where the log lies. With the embedded database it is in the data folder, five files of ten megabytes at most; with a
 * database of one's own, as in production, whatever runs Baton keeps what it writes to standard error.
 */
import { dirname, join } from 'node:path';
import { type LineSink, rotatedNames, rotatingFile } from '../adapters/log/rotating-file.ts';
import type { Config } from '../config/schema.ts';
import { makeFolder } from './make-folder.ts';

type Place = Pick<Config, 'database' | 'data'>;

/** null: there is none. */
export const logFile = ({ database, data }: Place): string | null =>
  database.url === undefined ? join(data, 'logs', 'baton.log') : null;

/** The newest first; those that are not there yet among them. None with a database of one's own. */
export function logFiles(config: Place): string[] {
  const path = logFile(config);
  return path === null ? [] : rotatedNames(path);
}

/** null: there is none. Where no folder can be made the database says so, in better words. */
export async function openLogFile(config: Place): Promise<LineSink | null> {
  const path = logFile(config);
  if (path === null) return null;
  await makeFolder(dirname(path), 0o700).catch(() => {});
  return rotatingFile(path);
}
