/**
 * The processes of one life: each begins, reads the configuration, works, dies, and is replaced by another under the
 * next name. What it was at when it died ends there, and whoever waits for that is told.
 */
import { type Duration, HOUR, SECOND } from '../../../src/domain/instant.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { Equipment } from './equipment.ts';
import { Dead, isExpected } from './expected.ts';
import { type Host, hostOf } from './host.ts';
import type { Process } from './ports.ts';
import type { World } from './world.ts';

export type Worker = Process & {
  readonly host: Host;
  /** Sets its own clock to be wrong by so much. */
  setClock(shift: Duration): void;
};

export type Processes = {
  /** So many begin, and have read the configuration. */
  begin(count: number, policy: Policy): void;
  /** One that can work; null: none can. */
  some(): Worker | null;
  /** `ended` gets what was thrown, Dead when the process died over it, null when all was well. */
  run(worker: Worker, what: string, work: (host: Host) => Promise<unknown>, ended?: Ended): void;
  /** What goes on, in words. */
  running(): string[];
  /** The configuration that was read last. */
  readonly adopted: Policy;
  /** The configuration is another one, and each process reads it after a while. */
  configure(policy: Policy, after: () => Duration): void;
  /** Whoever is dead is replaced at once, and whoever failed to read the configuration reads it. */
  recover(): void;
  /** Whether any of them has died. */
  readonly haveDied: boolean;
};

type Ended = (error: unknown) => void;
type Task = { readonly worker: Worker; readonly what: string; readonly ended: Ended };
type Own = Worker & { alive: boolean; host: Host; isReady: boolean };

export function processesOf(world: World, equipment: Equipment): Processes {
  const { dice, stage, trace } = world;
  const workers: Own[] = [];
  const tasks = new Set<Task>();
  let configured = world.office.first;
  let adopted = configured;
  let haveDied = false;

  function begin(name: string): Own {
    let shift = dice.happens(0.2) ? dice.between(-90, 90) * SECOND : 0;
    const worker: Own = {
      name,
      alive: true,
      isReady: false,
      host: null as unknown as Host,
      setClock(by) {
        shift = by;
      },
      die: (how) => die(worker, how),
    };
    worker.host = hostOf(
      name,
      equipment(worker),
      () => adopted,
      () => world.databaseNow() + shift,
    );
    workers.push(worker);
    return worker;
  }

  function die(worker: Own, how: string): void {
    if (!worker.alive) return;
    worker.alive = false;
    haveDied = true;
    world.tally.add('death', how);
    trace.add(stage.now(), worker.name, `dies ${how}`);
    for (const task of [...tasks].filter((one) => one.worker === worker)) {
      tasks.delete(task);
      task.ended(Dead);
    }
    const after = world.isCalm ? SECOND : dice.between(SECOND, dice.happens(0.2) ? 2 * HOUR : 90 * SECOND);
    stage.at(stage.now() + after, () => replace(worker));
  }

  function replace(worker: Own): void {
    const at = workers.indexOf(worker);
    if (at === -1) return;
    workers.splice(at, 1);
    const [base, life = '1'] = worker.name.split('.');
    readConfiguration(begin(`${base}.${Number(life) + 1}`));
  }

  function readConfiguration(worker: Own): void {
    const wanted = configured;
    const ended: Ended = (error) => {
      if (error === null) {
        worker.isReady = true;
        adopted = wanted;
        return;
      }
      stage.at(stage.now() + SECOND, () => {
        if (worker.alive) readConfiguration(worker);
      });
    };
    run(worker, 'configure', (host) => host.configure(wanted), ended);
  }

  function run(
    worker: Worker,
    what: string,
    work: (host: Host) => Promise<unknown>,
    ended: Ended = () => {},
  ): void {
    const task: Task = { worker, what, ended };
    tasks.add(task);
    const finish = (error: unknown): void => {
      if (!tasks.delete(task)) return;
      if (error !== null && !isExpected(error))
        world.say(`${what} threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      ended(error);
    };
    work(worker.host).then(
      () => finish(null),
      (error: unknown) => finish(error ?? new Error('nothing was thrown')),
    );
  }

  return {
    begin(count, policy) {
      adopted = policy;
      for (let number = 1; number <= count; number += 1) begin(`baton${number}`).isReady = true;
    },
    some() {
      const ready = workers.filter((worker) => worker.alive && worker.isReady);
      return ready.length === 0 ? null : dice.pick(ready);
    },
    run,
    running: () => [...tasks].map(({ what, worker }) => `${what} of ${worker.name}`),
    get adopted() {
      return adopted;
    },
    configure(policy, after) {
      configured = policy;
      for (const worker of workers)
        stage.at(stage.now() + after(), () => {
          if (worker.alive && worker.isReady) readConfiguration(worker);
        });
    },
    recover() {
      for (const worker of [...workers]) if (!worker.alive) replace(worker);
      for (const worker of workers)
        if (!worker.isReady && ![...tasks].some((task) => task.worker === worker)) readConfiguration(worker);
    },
    get haveDied() {
      return haveDied;
    },
  };
}
