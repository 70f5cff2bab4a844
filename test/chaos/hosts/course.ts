/** One fault of the network from its beginning until all is well again. */
import type { Production } from '../../support/stack/production.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { type Flow, type Progress, progressOf } from '../recovery/flow.ts';
import type { Event, Fault } from './events.ts';
import { cutLine, HOSTS, type Host, lossLines, runIp } from './network.ts';
import { type Note, readNotes } from './witness.ts';

export type Course = {
  readonly production: Production;
  readonly flow: Flow;
  readonly prefix: string;
  readonly lastsMs: number;
  readonly say: (line: string) => void;
};

/** Longer than the longest lease and the longest pause before a mail is tried again that a fault of minutes leads to. */
const BACK_WITHIN_MS = 330_000;
const ALONE_WITHIN_MS = 240_000;
/** So many letters through one host alone show that each of its workers works. */
const ALONE_LETTERS = 5;
const BETWEEN_MS = 5_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function happen(course: Course, fault: Fault): Promise<Event> {
  const { production, lastsMs, say } = course;
  const host = await readerOf(production);
  await pause(BETWEEN_MS);
  const at = Date.now();
  for (const line of linesOf(course.prefix, host, fault, true)) runIp(line);
  say(`host ${host}: ${fault.what}`);
  await pause(lastsMs * fault.share);
  for (const line of linesOf(course.prefix, host, fault, false)) runIp(line);
  const healedAt = Date.now();
  say(`host ${host}: healed`);
  const { backMs, caughtUpMs, progress } = await untilBack(course, host, at, healedAt);
  const takenOverAt = (await readNotes(production.pool)).find(
    (note) => note.deed === 'moved' && note.host !== host && note.at >= at,
  )?.at;
  const meanwhile = progress.filter(({ cameAt }) => cameAt >= at && cameAt < healedAt);
  const waits = meanwhile.map(({ cameAt, confirmedAt }) => (confirmedAt ?? Date.now()) - cameAt);
  const event: Event = {
    ...{ what: fault.what, host, lastedMs: healedAt - at },
    mustTakeOverMs: healedAt - at > (fault.mustTakeOverMs ?? Infinity) ? fault.mustTakeOverMs : null,
    takenOverMs: takenOverAt === undefined || takenOverAt > healedAt ? null : Math.round(takenOverAt - at),
    lettersMeanwhile: meanwhile.length,
    confirmedMeanwhile: meanwhile.filter(({ confirmedAt }) => (confirmedAt ?? healedAt) < healedAt).length,
    slowestMs: Math.round(Math.max(0, ...waits)),
    ...{ backMs, caughtUpMs, backWithinMs: BACK_WITHIN_MS },
  };
  say(`host ${host}: well again, ${JSON.stringify(event)}`);
  return event;
}

const linesOf = (prefix: string, host: Host, { servers, direction }: Fault, isBegin: boolean): string[] =>
  servers === null
    ? [cutLine(prefix, host, !isBegin)]
    : lossLines(prefix, host, servers, direction, isBegin ? 'add' : 'del');

/** Whoever watches the mailbox at this moment. */
async function readerOf({ pool }: Production): Promise<Host> {
  let reader: Host | null = null;
  await waitUntil(
    'somebody reads the mailbox',
    async () => {
      const last = (await readNotes(pool)).findLast(({ deed }) => deed === 'took' || deed === 'gave-back');
      reader = last?.deed === 'took' ? last.host : null;
      return reader !== null;
    },
    BACK_WITHIN_MS,
  );
  if (reader === null) throw new Error('bug: read and not read');
  return reader;
}

const isWork = ({ deed }: Note): boolean => deed !== 'ended' && deed !== 'gave-back';

/** Until the host has a hand in mail again and all that had come by then is confirmed; null: not within the bound. */
async function untilBack({ production, flow }: Course, host: Host, at: number, healedAt: number) {
  let backMs: number | null = null;
  let caughtUpMs: number | null = null;
  let progress: Progress[] = [];
  const look = async (): Promise<boolean> => {
    const before = flow.letters.filter(({ cameAt }) => cameAt >= at - BACK_WITHIN_MS && cameAt < healedAt);
    progress = (await progressOf(production, before)) ?? [];
    const work = (await readNotes(production.pool)).find(
      (note) => note.host === host && note.at >= healedAt && isWork(note),
    );
    backMs ??= work === undefined ? null : Math.round(work.at - healedAt);
    const confirmed = progress.flatMap(({ confirmedAt }) => confirmedAt ?? []);
    if (confirmed.length === before.length)
      caughtUpMs ??= Math.max(0, Math.round(Math.max(...confirmed) - healedAt));
    await pause(500);
    return backMs !== null && caughtUpMs !== null;
  };
  await waitUntil('all is well again', look, BACK_WITHIN_MS).catch(() => {});
  return { backMs, caughtUpMs, progress };
}

/** Whether mail goes through this host while it is the only one. */
export async function carriesAlone({ production, flow, prefix, say }: Course, host: Host): Promise<boolean> {
  const others = HOSTS.filter((other) => other !== host);
  for (const other of others) runIp(cutLine(prefix, other, false));
  const at = Date.now();
  let confirmed = 0;
  const look = async (): Promise<boolean> => {
    const since = flow.letters.filter(({ cameAt }) => cameAt >= at);
    const progress = (await progressOf(production, since)) ?? [];
    confirmed = progress.filter(({ confirmedAt }) => confirmedAt !== null).length;
    await pause(500);
    return confirmed >= ALONE_LETTERS;
  };
  await waitUntil('mail through one host', look, ALONE_WITHIN_MS).catch(() => {});
  for (const other of others) runIp(cutLine(prefix, other, true));
  say(`host ${host} alone: ${confirmed} letters confirmed within ${Math.round((Date.now() - at) / 1_000)} s`);
  return confirmed >= ALONE_LETTERS;
}
