/**
 * What arrived at the sink and when. Postfix' smtp-sink writes one file a mail; its time of last writing is the
 * arrival, as exact as the kernel's coarse clock (4 ms). It takes several thousand mails a second, so that it is not
 * what is measured.
 */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Tell } from './context.ts';
import { numberOf } from './mail-set.ts';
import type { Stand } from './stand.ts';

/** For each mail of a customer Baton sends an acknowledgement and an offer. */
export const NOTICES_PER_MAIL = 2;
/** The moments are read off the files: looking more often would only take time from what is measured. */
const LOOK_MS = 100;
/** A notice whose mailer was cut off is taken up again after two minutes; without one for longer, something is broken. */
export const STUCK_MS = 180_000;

const SAID_MAX = 2_000;

export type Arrival = { readonly number: number; readonly kind: string; readonly atMs: number };

export const nowMs = (): number => performance.timeOrigin + performance.now();

export const countIn = (folder: string): number => readdirSync(folder).length;

export function arrivalsIn(folder: string): Arrival[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const text = readFileSync(path, 'latin1');
    const head = text.slice(0, text.indexOf('\n\n')).replace(/\r?\n[ \t]+/g, ' ');
    const number = numberOf(/^Subject: (.*)$/m.exec(head)?.[1] ?? '') ?? customerOf(head);
    if (number === null) return [];
    const kind = /^X-Baton-Notice: (\S+)/m.exec(head)?.[1] ?? 'other';
    return [{ number, kind, atMs: Number(statSync(path, { bigint: true }).mtimeNs) / 1e6 }];
  });
}

/** An acknowledgement does not repeat the customer's subject, and goes to nobody else. */
function customerOf(head: string): number | null {
  const found = /^X-Rcpt-Args: <customer-(\d+)@/m.exec(head)?.[1];
  return found === undefined ? null : Number(found);
}

/** Resolves when so many lie at the sink. */
export async function arrived(stand: Stand, wanted: number, tell: Tell): Promise<void> {
  const { folder } = stand.sink;
  let last = { count: -1, atMs: nowMs() };
  for (;;) {
    const count = countIn(folder);
    if (count >= wanted) break;
    if (count !== last.count) last = { count, atMs: nowMs() };
    else if (nowMs() - last.atMs > STUCK_MS) {
      const line = `${wanted} mails should have been sent, and ${count} were for ${STUCK_MS / 1_000} s`;
      throw new Error(`${line}\n${await whereMailIs(stand)}`);
    }
    tell(`${Math.floor(count / NOTICES_PER_MAIL)} of ${wanted / NOTICES_PER_MAIL} mails`);
    await pause(LOOK_MS);
  }
  // The last file exists from its first line on.
  await pause(LOOK_MS);
}

/**
 * For an error: how many mails and notices are in which state, and the last that workers complained about. By disposition
 * as well: mail that was taken for history is settled like any other, and causes nothing.
 */
export async function whereMailIs(stand: Stand): Promise<string> {
  const counted = await stand
    .ask<{ what: string; n: string }>(`
      SELECT concat_ws(' ', 'mails', stage, disposition) AS what, count(*) AS n FROM message GROUP BY stage, disposition
      UNION ALL SELECT 'requests ' || phase, count(*) FROM conversation GROUP BY phase
      UNION ALL SELECT 'notices ' || kind || ' ' || state, count(*) FROM outbox GROUP BY kind, state`)
    .catch((error: Error) => [{ what: `the database does not answer: ${error.message}`, n: '' }]);
  return [...counted.map(({ what, n }) => `${what}: ${n}`), stand.said().slice(-SAID_MAX)].join('\n');
}

/** Removes what lies there and answers how many that were. */
export function takeAway(folder: string): number {
  const names = readdirSync(folder);
  for (const name of names) rmSync(join(folder, name), { force: true });
  return names.length;
}
