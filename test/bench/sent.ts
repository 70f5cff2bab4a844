/**
 * What arrived at the sink and when. Postfix' smtp-sink writes one file a mail; its time of last writing is the
 * arrival, as exact as the kernel's coarse clock (4 ms). It takes several thousand mails a second, so that it is not
 * what is measured.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { numberOf } from './mail-set.ts';

export type Arrival = { readonly number: number; readonly kind: string; readonly atMs: number };

export const countIn = (folder: string): number => readdirSync(folder).length;

export function arrivalsIn(folder: string): Arrival[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const text = readFileSync(path, 'latin1');
    const head = text.slice(0, text.indexOf('\n\n')).replace(/\r?\n[ \t]+/g, ' ');
    const number = numberOf(/^Subject: (.*)$/m.exec(head)?.[1] ?? '');
    if (number === null) return [];
    const kind = /^X-Baton-Notice: (\S+)/m.exec(head)?.[1] ?? 'other';
    return [{ number, kind, atMs: Number(statSync(path, { bigint: true }).mtimeNs) / 1e6 }];
  });
}
