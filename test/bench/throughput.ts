/** How many mails a second, against the floor: floor and shapes take turns, so that what the machine does shows. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PASSWORD } from '../support/stack/dovecot.ts';
import { ADDRESS } from './configuration.ts';
import type { Bench, Tell } from './context.ts';
import { dropInto } from './drop.ts';
import type { FloorOrders, FloorResult } from './floor.ts';
import { type Line, openLine, warmUp, whatIsWrong } from './line.ts';
import { listenTo } from './listener.ts';
import { mailNumber } from './mail-set.ts';
import type { Shape } from './options.ts';
import { arrivalsIn, arrived, NOTICES_PER_MAIL, nowMs } from './sent.ts';
import { type ByName, openStand, type Stand } from './stand.ts';
import { round, type Spread, spread } from './statistics.ts';

const run = promisify(execFile);
/** What follows the last mail belongs to the job as well: its outcome has yet to be recorded. */
const AFTER_MS = 500;

/** One run: mails all at once into a mailbox that is being read. */
export type Run = {
  readonly perSecond: number;
  readonly cpuMsPerMail: number;
  readonly processCpuMsPerMail: ByName;
  readonly serverCpuMsPerMail: ByName;
};

export type ShapeThroughput = {
  readonly requestsPerSecond: Spread;
  readonly floorPerSecond: Spread;
  readonly ratioToFloor: Spread;
  readonly cpuMsPerMail: Spread;
  readonly floorCpuMsPerMail: Spread;
  readonly cpuRatioToFloor: Spread;
  /** Of the run in the middle. */
  readonly processCpuMsPerMail: ByName;
  readonly serverCpuMsPerMail: ByName;
  readonly rssMb: ByName;
};

export type Throughput = { readonly mails: number; readonly shapes: Partial<Record<Shape, ShapeThroughput>> };

type Measured = {
  readonly run: Run;
  readonly floors: readonly [FloorResult, FloorResult];
  readonly rssMb: ByName;
};

export async function measureThroughput(bench: Bench): Promise<Throughput> {
  const { mails, repeats, shapes } = bench.options;
  const stands: { stand: Stand; line: Line; measured: Measured[] }[] = [];
  for (const shape of shapes) {
    bench.say(`starting servers (${shape} shape)`);
    const stand = await openStand(bench, shape);
    stands.push({ stand, line: await openLine(stand), measured: [] });
  }
  const floorStand = stands[0]?.stand;
  if (floorStand === undefined) throw new Error('no shape was asked for');
  let floor = await floorOf(bench, floorStand);
  for (let repeat = 1; repeat <= repeats; repeat += 1) {
    for (const { stand, line, measured } of stands) {
      const { shape } = stand;
      await stand.startWorkers();
      await warmUp(stand, line, bench.options.warm);
      const one = await measureRun(stand, line, mails, bench.progress(`${shape} shape`));
      const rssMb = stand.rssMb();
      if (repeat === repeats) {
        const trouble = await whatIsWrong(stand, line.next());
        if (trouble !== null) bench.wrong(trouble);
      }
      await stand.stopWorkers();
      bench.say(
        `${shape} shape (${repeat} of ${repeats}): ${round(one.perSecond, 0)} requests/s, ${round(one.cpuMsPerMail)} ms of CPU per mail`,
      );
      const after = await floorOf(bench, floorStand);
      measured.push({ run: one, floors: [floor, after], rssMb });
      floor = after;
    }
  }
  for (const { stand, line } of stands.toReversed()) {
    await line.listener.close();
    await stand.close();
  }
  return {
    mails,
    shapes: Object.fromEntries(stands.map(({ stand, measured }) => [stand.shape, summary(measured)])),
  };
}

async function floorOf(bench: Bench, stand: Stand): Promise<FloorResult> {
  const floor = await measureFloor(stand, bench.options.warm, bench.options.mails);
  bench.say(
    `the floor: ${round(floor.perSecond, 0)} mails/s, ${round(floor.cpuMsPerMail)} ms of CPU per mail`,
  );
  return floor;
}

export function summary(measured: readonly Measured[]): ShapeThroughput {
  const floorOfRun = ({ floors: [before, after] }: Measured, of: (floor: FloorResult) => number) =>
    (of(before) + of(after)) / 2;
  const perSecond = (one: Measured) => floorOfRun(one, (floor) => floor.perSecond);
  const cpu = (one: Measured) => floorOfRun(one, (floor) => floor.cpuMsPerMail);
  const over = (value: (one: Measured) => number, digits = 2) => spread(measured.map(value), digits);
  const inOrder = [...measured].sort((a, b) => a.run.perSecond - b.run.perSecond);
  const middle = inOrder[Math.floor((inOrder.length - 1) / 2)];
  return {
    requestsPerSecond: over(({ run: { perSecond: value } }) => value, 1),
    floorPerSecond: over(perSecond, 1),
    ratioToFloor: over((one) => one.run.perSecond / perSecond(one)),
    cpuMsPerMail: over(({ run: { cpuMsPerMail } }) => cpuMsPerMail),
    floorCpuMsPerMail: over(cpu),
    cpuRatioToFloor: over((one) => one.run.cpuMsPerMail / cpu(one)),
    processCpuMsPerMail: middle?.run.processCpuMsPerMail ?? {},
    serverCpuMsPerMail: middle?.run.serverCpuMsPerMail ?? {},
    rssMb: middle?.rssMb ?? {},
  };
}

/** The same mails in a mailbox of its own, with no worker running. */
export async function measureFloor(stand: Stand, warm: number, mails: number): Promise<FloorResult> {
  const { dovecot, sink } = stand;
  const user = dovecot.newUser();
  const drop = dropInto(dovecot, user);
  for (let number = 0; number < warm + mails; number += 1) {
    drop.prepare(number, mailNumber(number, ADDRESS));
    drop.deliver(number);
  }
  // Its first look makes the server index the folder, which is no part of the job.
  const first = await listenTo(dovecot.port, user);
  await first.close();
  const orders: FloorOrders = {
    imapPort: dovecot.port,
    smtpPort: sink.port,
    user,
    password: PASSWORD,
    warm,
    mails,
  };
  const { stdout } = await run(process.execPath, [
    join(import.meta.dirname, 'floor.ts'),
    JSON.stringify(orders),
  ]);
  sink.forget();
  return JSON.parse(stdout) as FloorResult;
}

/** From the announcement of the first to the last notice at the sink. */
export async function measureRun(stand: Stand, line: Line, mails: number, tell: Tell): Promise<Run> {
  const { sink } = stand;
  sink.forget();
  const numbers = line.prepare(mails);
  const before = stand.cpuMs();
  const droppedAt = nowMs();
  for (const number of numbers) line.deliver(number);
  await arrived(stand, mails * NOTICES_PER_MAIL, tell);
  const lastAt = Math.max(...arrivalsIn(sink.folder).map(({ atMs }) => atMs));
  const announcedAt = line.listener.announcedAt((numbers[0] ?? 0) + 1) ?? droppedAt;
  await new Promise((resolve) => setTimeout(resolve, AFTER_MS));
  const after = stand.cpuMs();
  const processCpuMsPerMail = perMail(before.baton, after.baton, mails);
  return {
    perSecond: (mails / (lastAt - announcedAt)) * 1_000,
    cpuMsPerMail: round(Object.values(processCpuMsPerMail).reduce((sum, value) => sum + value, 0)),
    processCpuMsPerMail,
    serverCpuMsPerMail: perMail(before.servers, after.servers, mails),
  };
}

const perMail = (before: ByName, after: ByName, mails: number): ByName =>
  Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, round((value - (before[name] ?? 0)) / mails)]),
  );
