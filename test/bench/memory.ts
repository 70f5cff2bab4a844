/**
 * Resident memory of every process while a great many mails go the whole way, from the mailbox to the sink.
 *
 * As many are on their way at once as Baton takes without falling behind, and mail that was answered is moved out of the
 * folder after a while, as people do: else the server's own walk through the folder is what is measured.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench } from './context.ts';
import { type Line, openLine, whatIsWrong } from './line.ts';
import { NOTICES_PER_MAIL, nowMs, STUCK_MS, takeAway, whereMailIs } from './sent.ts';
import { type ByName, openStand, type Stand } from './stand.ts';
import { median, round, slope } from './statistics.ts';

/** On their way at once. */
const WINDOW = 400;
/** Answered mails that still lie in the folder. */
const KEPT = 1_000;
const SAMPLES = 200;
const LOOK_MS = 100;
/** Caches and compiled code come first: the line is laid through what follows. */
const SETTLED_SHARE = 0.25;
/** A line that rises by less than this share of the median over all that it is laid through counts as flat. */
const FLAT_SHARE = 0.1;

export type Sample = { readonly mails: number; readonly rssMb: ByName };
export type Growth = {
  readonly medianMb: number;
  readonly mostMb: number;
  /** Of the line through the last three quarters. */
  readonly mbPer10kMails: number;
  readonly isFlat: boolean;
};
export type Memory = {
  readonly mails: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly processes: Readonly<Record<string, Growth>>;
  readonly samples: readonly Sample[];
};

export async function measureMemory(bench: Bench): Promise<Memory> {
  const mails = bench.options.memoryMails;
  const shape = bench.options.shapes[0] ?? 'production';
  bench.say(`starting servers and Baton (${shape} shape)`);
  const stand = await openStand(bench, shape);
  const line = await openLine(stand);
  await stand.startWorkers();
  const begunAt = nowMs();
  const samples = await passThrough(stand, line, mails, bench.progress('memory'));
  const seconds = (nowMs() - begunAt) / 1_000;
  const trouble = await whatIsWrong(stand, mails);
  if (trouble !== null) bench.wrong(trouble);
  await line.listener.close();
  await stand.close();
  const processes = growthOf(samples, mails);
  for (const [name, { medianMb, mostMb, mbPer10kMails, isFlat }] of Object.entries(processes))
    bench.say(
      `${name}: ${medianMb} MB (at most ${mostMb}), ${isFlat ? 'flat' : 'GROWS'}: ${mbPer10kMails} MB per 10,000 mails`,
    );
  return { mails, seconds: round(seconds, 0), perSecond: round(mails / seconds, 1), processes, samples };
}

async function passThrough(
  stand: Stand,
  line: Line,
  mails: number,
  tell: (line: string) => void,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const every = Math.max(1, Math.floor(mails / SAMPLES));
  let [delivered, notices, removed, movedAt] = [0, 0, 0, nowMs()];
  for (;;) {
    const came = takeAway(stand.sink.folder);
    notices += came;
    const answered = Math.floor(notices / NOTICES_PER_MAIL);
    if (came > 0) movedAt = nowMs();
    else if (nowMs() - movedAt > STUCK_MS)
      throw new Error(
        `${answered} of ${mails} mails were answered, and no more for ${STUCK_MS / 1_000} s\n${await whereMailIs(stand)}`,
      );
    if (answered >= samples.length * every) samples.push({ mails: answered, rssMb: stand.rssMb() });
    if (answered >= mails) return samples;
    const wanted = Math.min(mails, answered + WINDOW) - delivered;
    for (const number of line.prepare(wanted)) line.deliver(number);
    delivered += wanted;
    for (; removed < answered - KEPT; removed += 1) line.remove(removed);
    tell(`${answered} of ${mails} mails`);
    await pause(LOOK_MS);
  }
}

export function growthOf(samples: readonly Sample[], mails: number): Record<string, Growth> {
  const settled = samples.filter((sample) => sample.mails >= mails * SETTLED_SHARE);
  const names = [...new Set(samples.flatMap(({ rssMb }) => Object.keys(rssMb)))];
  return Object.fromEntries(
    names.map((name) => {
      const points = settled.flatMap(({ mails: x, rssMb }) => {
        const y = rssMb[name];
        return y === undefined ? [] : [{ x, y }];
      });
      const perMail = slope(points);
      const medianMb = median(points.map(({ y }) => y));
      const span = (points.at(-1)?.x ?? 0) - (points[0]?.x ?? 0);
      return [
        name,
        {
          medianMb: round(medianMb, 0),
          mostMb: Math.max(...samples.map(({ rssMb }) => rssMb[name] ?? 0)),
          mbPer10kMails: round(perMail * 10_000, 2),
          isFlat: perMail * span < medianMb * FLAT_SHARE,
        },
      ];
    }),
  );
}
