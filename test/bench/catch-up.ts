/**
 * How long it takes until mail that waited through an outage is answered, and what that does to the mail that comes
 * meanwhile: once all workers were down, once only the SMTP server.
 */

import { waitUntil } from '../support/wait-until.ts';
import type { Bench } from './context.ts';
import { deliverEvenly } from './latency.ts';
import { type Line, openLine, warmUp, whatIsWrong } from './line.ts';
import { arrivalsIn, countIn, NOTICES_PER_MAIL, nowMs } from './sent.ts';
import { openStand, type Stand } from './stand.ts';
import { type Percentiles, percentiles, round } from './statistics.ts';

/** New mail that comes while the rest is made good. */
const MEANWHILE_PER_SECOND = 2;
/** A failed attempt is made again after a pause that grows: as long as that the SMTP server may be back for nothing. */
const LONGEST_MS = 15 * 60_000;

export type CatchUp = {
  readonly waiting: number;
  /** From the moment at which what was down is told to start. */
  readonly secondsToFirst: number;
  readonly secondsToAll: number;
  readonly perSecond: number;
  /** From the delivery of a mail that came meanwhile to its offer. */
  readonly newMailMs: Percentiles;
  readonly newMails: number;
};
export type CatchUps = { readonly workersDown: CatchUp; readonly smtpDown: CatchUp };

export async function measureCatchUp(bench: Bench): Promise<CatchUps> {
  const { warm, shapes, outageMails } = bench.options;
  const shape = shapes[0] ?? 'production';
  bench.say(`starting servers and Baton (${shape} shape)`);
  const stand = await openStand(bench, shape);
  const line = await openLine(stand);
  await stand.startWorkers();
  await warmUp(stand, line, warm);

  bench.say(`all workers are down (SIGKILL) while ${outageMails} mails come`);
  await stand.stopWorkers('SIGKILL');
  const whileDown = line.prepare(outageMails);
  stand.sink.forget();
  for (const number of whileDown) line.deliver(number);
  const workersDown = await catchUp(bench, stand, line, whileDown, () => stand.startWorkers());
  bench.say(told('workers', workersDown));

  bench.say(`SMTP is down while ${outageMails} mails come`);
  await stand.sink.daemon.kill('SIGKILL');
  const whileMute = line.prepare(outageMails);
  stand.sink.forget();
  for (const number of whileMute) line.deliver(number);
  await waitUntil('all notices wait for the SMTP server', () => allWait(stand, outageMails), LONGEST_MS);
  const smtpDown = await catchUp(bench, stand, line, whileMute, () => stand.sink.daemon.start());
  bench.say(told('SMTP', smtpDown));

  const trouble = await whatIsWrong(stand, line.next());
  if (trouble !== null) bench.wrong(trouble);
  await line.listener.close();
  await stand.close();
  return { workersDown, smtpDown };
}

async function allWait(stand: Stand, mails: number): Promise<boolean> {
  const [row] = await stand.ask<{ n: string }>(`
    SELECT count(*) AS n FROM outbox WHERE state IN ('pending', 'sending') AND (attempts > 0 OR claims > 0)`);
  return Number(row?.n) >= mails * NOTICES_PER_MAIL;
}

async function catchUp(
  bench: Bench,
  stand: Stand,
  line: Line,
  waiting: readonly number[],
  bringBack: () => Promise<void>,
): Promise<CatchUp> {
  const { folder } = stand.sink;
  const tell = bench.progress('catching up');
  const backAt = nowMs();
  const back = bringBack();
  let isThrough = false;
  const meanwhile = deliverMeanwhile(line, () => !isThrough);
  await back;
  const ofWaiting = new Set(waiting);
  const wanted = waiting.length * NOTICES_PER_MAIL;
  const old = () => arrivalsIn(folder).filter(({ number }) => ofWaiting.has(number));
  // Reading them all costs time that is measured: not before there can be enough.
  await waitUntil(
    `${wanted} notices after the outage`,
    () => {
      const count = countIn(folder);
      tell(`${count} notices are out`);
      return count >= wanted && old().length >= wanted;
    },
    LONGEST_MS,
  );
  isThrough = true;
  const deliveredAt = await meanwhile;
  const arrivedAt = old().map(({ atMs }) => atMs);
  await waitUntil(
    'the last new mail after the outage',
    () => countIn(folder) >= wanted + deliveredAt.size * NOTICES_PER_MAIL,
    LONGEST_MS,
  );
  const newMail = arrivalsIn(folder).flatMap(({ number, kind, atMs }) => {
    const from = deliveredAt.get(number);
    return kind !== 'offer' || from === undefined ? [] : [atMs - from];
  });
  const allMs = Math.max(...arrivedAt) - backAt;
  return {
    waiting: waiting.length,
    secondsToFirst: round((Math.min(...arrivedAt) - backAt) / 1_000, 1),
    secondsToAll: round(allMs / 1_000, 1),
    perSecond: round((waiting.length / allMs) * 1_000, 1),
    newMailMs: percentiles(newMail),
    newMails: newMail.length,
  };
}

/** One batch of one after the other, since nobody knows how many it will be. */
async function deliverMeanwhile(line: Line, goesOn: () => boolean): Promise<Map<number, number>> {
  const deliveredAt = new Map<number, number>();
  do {
    for (const [number, atMs] of await deliverEvenly(line, MEANWHILE_PER_SECOND, 1, () => {}))
      deliveredAt.set(number, atMs);
    await new Promise((resolve) => setTimeout(resolve, 1_000 / MEANWHILE_PER_SECOND));
  } while (goesOn());
  return deliveredAt;
}

const told = (
  what: string,
  { waiting, secondsToFirst, secondsToAll, perSecond, newMailMs }: CatchUp,
): string =>
  `${what} back: the first notice after ${secondsToFirst} s, all ${waiting} mails after ${secondsToAll} s (${perSecond}/s); new mail meanwhile ${newMailMs.p50} ms, at most ${newMailMs.max} ms`;
