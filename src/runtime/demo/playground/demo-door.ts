/**
 * The door of a demo: whoever comes is let in, as whom they choose to be. Only a stage has one, whose people and mails are
 * made up and whose server listens on this machine alone; a board of real mail is given its own door where it is started.
 */
import { readOrder } from '../../../adapters/db/door.ts';
import type { OrderDesk } from '../../../adapters/web/board/orders.ts';
import type { Door } from '../../../adapters/web/board/server.ts';
import type { Playground } from '../../../adapters/web/playground/context.ts';
import { toldOnBoard } from '../../../app/told-on-board.ts';
import type { Policy } from '../../../domain/policy.ts';
import { zoneOf } from '../../../domain/roster.ts';
import { sightOf } from '../../../domain/sight.ts';
import type { Stage } from '../stage.ts';

export type DemoDoor = Door & Pick<OrderDesk, 'tell'>;

export function demoDoor(
  { pool, services }: Pick<Stage, 'pool' | 'services'>,
  playground: Playground,
  policy: () => Promise<Policy>,
): DemoDoor {
  let ordered: string | null = null;
  return {
    async viewerOf() {
      const [known, now] = [await policy(), playground.now()];
      const member = playground.looksAs();
      const sight = sightOf(known, member, now);
      if (sight === null) return null;
      const name = known.members.get(member)?.name ?? member;
      const timeZone = zoneOf(known, member, now) ?? playground.timeZone;
      return { member, name, sight, timeZone, csrf: playground.csrf };
    },
    async tell(_request, order) {
      ordered = order;
    },
    async toldOf() {
      const told = ordered === null ? null : await readOrder(pool, ordered);
      ordered = null;
      return told === null ? null : toldOnBoard(services.deps, told);
    },
    routes(app) {
      // Whoever signs out of the demo's board is still its visitor.
      for (const path of ['/sign-out', '/sign-in']) {
        app.all(path, { config: { open: true } }, (_request, reply) => reply.redirect('/', 303));
      }
    },
  };
}
