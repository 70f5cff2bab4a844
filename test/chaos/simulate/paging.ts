/** Pages of one life: what carries them fails as a mail server does, and whoever is paged has each by its id. */
import type { Page, PageChannel, Pages } from '../../../src/app/ports/pages.ts';
import { type Instant, SECOND } from '../../../src/domain/instant.ts';
import { failed, outcomeOf } from './faults.ts';
import { never, type PortsContext, type Process, through } from './ports.ts';
import type { Processes } from './processes.ts';
import type { World } from './world.ts';

export type Paging = {
  readonly arrived: readonly Page[];
  /** Whoever is paged has it. */
  take(page: Page): void;
  /** When somebody looks for pages next. */
  nextAt(): Instant;
  look(processes: Processes): void;
};

export function pagingOf(world: World): Paging {
  const { store, stage } = world;
  const arrived: Page[] = [];
  let lastLook = Number.NEGATIVE_INFINITY;
  return {
    arrived,
    take(page) {
      arrived.push(page);
      world.trace.add(stage.now(), 'page', `arrives at ${page.to.id}: ${page.text}`);
      world.tally.add('page', page.why);
    },
    nextAt() {
      const due = store
        .pages()
        .flatMap(({ state, dueAt, leaseUntil }) =>
          state === 'waiting' ? [Math.max(dueAt, leaseUntil ?? dueAt)] : [],
        );
      return Math.max(Math.min(...due) - world.databaseShift, lastLook + 5 * SECOND);
    },
    look(processes) {
      lastLook = stage.now();
      const worker = processes.some();
      if (worker !== null) processes.run(worker, 'page', (host) => host.page());
    },
  };
}

export function simulatedPages(context: PortsContext, process: Process, pages: Pages): Pages {
  const call = <T>(what: string, work: () => Promise<T>): Promise<T> =>
    through(context, process, `pages.${what}`, async () => {
      const fate = context.faults.draw('database');
      if (fate === 'db-unreachable') throw failed(fate);
      const answer = await work();
      if (fate === 'db-answer-lost') throw failed(fate);
      return answer;
    });
  return {
    claim: (limit, lease) => call('claim', () => pages.claim(limit, lease)),
    settle: (id, outcome) => call('settle', () => pages.settle(id, outcome)),
  };
}

export function simulatedChannel(
  context: PortsContext,
  process: Process,
  takes: (page: Page) => void,
): PageChannel {
  const { stage, dice, faults } = context;
  return {
    send: (page) =>
      through(context, process, 'channel.send', async () => {
        const fate = faults.draw('send');
        if (fate === 'smtp-slow') await stage.turn(process, dice.between(SECOND, 60 * SECOND));
        if (!process.alive) return never;
        const { outcome, arrives } = outcomeOf(fate, dice);
        if (arrives) takes(page);
        if (fate === 'smtp-dies-delivered') {
          process.die('after a page was taken');
          return never;
        }
        if (outcome.type !== 'accepted') throw failed('page-not-taken');
      }),
  };
}
