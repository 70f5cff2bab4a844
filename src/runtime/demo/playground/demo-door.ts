/**
 * The door of a demo: whoever comes is let in, as whom they choose to be. Only a stage has one, whose people and mails are
 * made up and whose server listens on this machine alone; a board of real mail is given its own door where it is started.
 */
import type { Door } from '../../../adapters/web/board/server.ts';
import type { Playground } from '../../../adapters/web/playground/context.ts';
import type { Policy } from '../../../domain/policy.ts';
import { zoneOf } from '../../../domain/roster.ts';
import { sightOf } from '../../../domain/sight.ts';

export function demoDoor(playground: Playground, policy: () => Promise<Policy>): Door {
  return {
    async viewerOf() {
      const [known, now] = [await policy(), playground.now()];
      const member = playground.looksAs();
      const sight = sightOf(known, member, now);
      if (sight === null) return null;
      return {
        member,
        name: known.members.get(member)?.name ?? member,
        sight,
        timeZone: zoneOf(known, member, now) ?? playground.timeZone,
        csrf: playground.csrf,
      };
    },
    routes(app) {
      // Whoever signs out of the demo's board is still its visitor.
      for (const path of ['/sign-out', '/sign-in']) {
        app.all(path, { config: { open: true } }, (_request, reply) => reply.redirect('/', 303));
      }
    },
  };
}
