/**
 * One simulated life of Baton: a few mails, hours or days, some processes, and whatever the seed has in store for them.
 * Everything that happens is a consequence of the seed alone. After a while faults stop, and once the world has come to
 * rest it is judged.
 */

import { adoptPolicy } from '../../../src/app/adopt-policy.ts';
import { DAY, type Instant } from '../../../src/domain/instant.ts';
import { type Pressed, planBoard } from './board.ts';
import { equipmentOf } from './equipment.ts';
import { answer, poll } from './errands.ts';
import { judge } from './judge.ts';
import { type Mailboxes, mailboxesOf } from './mailboxes.ts';
import { planOutside } from './outside.ts';
import { type Paging, pagingOf } from './paging.ts';
import { type People, peopleOf } from './people.ts';
import { type Processes, processesOf } from './processes.ts';
import type { Tally } from './tally.ts';
import { type Ticks, ticksOf } from './ticks.ts';
import { type LifeOptions, type World, worldOf } from './world.ts';

export type Life = {
  readonly seed: number;
  readonly hash: string;
  readonly steps: number;
  readonly faults: number;
  readonly tally: Tally;
  /** Promises that were broken, the first ones. */
  readonly broken: readonly string[];
  readonly lines: readonly string[];
};

/** More steps are no life but a loop. */
const STEPS_MAX = 40_000;

/** All that takes part in one life. */
type Parts = {
  readonly world: World;
  readonly mailboxes: Mailboxes;
  readonly people: People;
  readonly processes: Processes;
  readonly ticks: Ticks;
  readonly paging: Paging;
};

export async function live(seed: number, options: LifeOptions = {}): Promise<Life> {
  const parts = partsOf(seed, options);
  const { world } = parts;
  const pressed = await begin(parts);
  await goOn(parts, world.calmAt, () => false);
  if (world.broken.length === 0) await calmDown(parts);
  if (world.broken.length === 0) judgeAll(parts, pressed);
  const { trace, faults, tally, broken } = world;
  const { hash, steps, lines } = trace;
  return { seed, hash, steps, faults: faults.count, tally, broken, lines };
}

function partsOf(seed: number, options: LifeOptions): Parts {
  const world = worldOf(seed, options);
  const mailboxes = mailboxesOf(world);
  const people = peopleOf(world, mailboxes);
  const paging = pagingOf(world);
  const processes = processesOf(world, equipmentOf(world, mailboxes, people.get, paging.take));
  return { world, mailboxes, people, processes, ticks: ticksOf(world, processes), paging };
}

/** Answers what is pressed on the board. */
async function begin({ world, mailboxes, people, processes }: Parts): Promise<readonly Pressed[]> {
  const { store, office, dice } = world;
  const adopted = await adoptPolicy({ store, log: { info() {}, warn() {}, error() {} } }, office.first);
  processes.begin(dice.pick([1, 1, 2, 2, 3]), adopted);
  people.plan();
  planOutside(world, mailboxes, people, processes);
  return planBoard(world, people.around, processes);
}

/** Until `until`, or until nothing is left to do and `isOver` says so. */
async function goOn(parts: Parts, until: Instant, isOver: () => boolean): Promise<void> {
  const { stage, broken, trace, say } = parts.world;
  while (broken.length === 0 && trace.steps < STEPS_MAX) {
    startWhatIsDue(parts);
    if (await stage.step(stage.now())) continue;
    if (isOver() || stage.now() >= until) return;
    // Nothing goes on now: on to whatever comes next.
    const horizon = Math.min(until, Math.max(nextAt(parts), stage.now()));
    await stage.step(horizon);
  }
  if (broken.length === 0) say('it never comes to rest');
}

function startWhatIsDue({ world, mailboxes, processes, ticks, paging }: Parts): void {
  const { bells } = world;
  const now = world.stage.now();
  for (let ringing = bells.take(now); ringing !== null; ringing = bells.take(now))
    answer(world, processes, ringing);
  for (const watched of mailboxes.watched) if (watched.pollAt <= now) poll(mailboxes, processes, watched);
  if (ticks.nextAt() <= now) ticks.tick();
  if (paging.nextAt() <= now) paging.look(processes);
}

const nextAt = ({ world, mailboxes, ticks, paging }: Parts): Instant =>
  Math.min(
    world.bells.nextAt(),
    ticks.nextAt(),
    paging.nextAt(),
    ...mailboxes.watched.map(({ pollAt }) => pollAt),
  );

function isQuiet({ world, mailboxes, processes, paging }: Parts): boolean {
  const { store, bells } = world;
  const { messages, unrouted, notices } = store.unfinished();
  return (
    messages + unrouted + notices + processes.running().length === 0 &&
    (store.dueAt() ?? Number.POSITIVE_INFINITY) > world.databaseNow() &&
    bells.nextAt() === Number.POSITIVE_INFINITY &&
    paging.nextAt() === Number.POSITIVE_INFINITY &&
    mailboxes.watched.every(({ pollAt }) => pollAt === Number.POSITIVE_INFINITY)
  );
}

async function calmDown(parts: Parts): Promise<void> {
  const { world, mailboxes, processes, ticks } = parts;
  world.calmDown();
  ticks.hurry();
  processes.recover();
  for (const { folder } of mailboxes.watched) mailboxes.wake(folder.inboxId, folder.folder, true);
  await goOn(parts, world.stage.now() + 6 * DAY, () => isQuiet(parts));
}

function judgeAll({ world, mailboxes, people, processes, paging }: Parts, pressed: readonly Pressed[]): void {
  for (const what of processes.running()) world.say(`${what} never ends`);
  const found = judge({
    ...mailboxes.lying,
    now: world.databaseNow(),
    deliveries: people.deliveries,
    pressed,
    pages: paging.arrived,
    mayRepeat: processes.haveDied || REPEATING.some((kind) => world.faults.has(kind)),
    wrongs: world.faults.count + world.happenings,
  });
  for (const what of found) world.say(what);
}

/** After which nobody knows whether a mail went out. */
const REPEATING: readonly string[] = [
  ...['smtp-unknown', 'smtp-unknown-delivered', 'smtp-slow', 'smtp-dies-delivered', 'stalls-long'],
  ...['db-unreachable', 'db-answer-lost'],
  ...['tx-serialization', 'tx-time-out', 'tx-commit-lost', 'tx-commit-unheard'],
];
