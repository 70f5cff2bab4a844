/** A report about a classifier into a file that a browser opens. It quotes mails, so nobody else may read it. */
import { writeFileSync } from 'node:fs';
import { type ClassifierPage, classifierPage } from '../adapters/web/classifier-page.ts';
import { Finding } from './exit.ts';

export function writePage(file: string, page: ClassifierPage): void {
  try {
    writeFileSync(file, classifierPage(page), { mode: 0o600 });
  } catch (error) {
    throw new Finding(`${file} cannot be written: ${(error as Error).message}`);
  }
}
