/** A page into a file that a browser opens. It quotes mails, so nobody else may read it. */
import { closeSync, fchmodSync, openSync, writeFileSync } from 'node:fs';
import { type ClassifierPage, classifierPage } from '../adapters/web/classifier-page.ts';
import { Finding } from './exit.ts';

const OURS = 0o600;

/** A report about a classifier. */
export const writePage = (file: string, page: ClassifierPage): void =>
  writeForOwner(file, classifierPage(page));

export function writeForOwner(file: string, written: string): void {
  try {
    const handle = openSync(file, 'w', OURS);
    try {
      // One that was there already has the rights that somebody gave it.
      fchmodSync(handle, OURS);
      writeFileSync(handle, written);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw new Finding(`${file} cannot be written: ${(error as Error).message}`);
  }
}
