/** The board of a running Baton: its pages, who comes in, and where it listens. */
import type { Pages } from '../adapters/web/board/context.ts';
import { addFiles } from '../adapters/web/board/files.ts';
import { liveNews, styleAndScript } from '../adapters/web/board/live/events.ts';
import { addOrders, type OrderDesk } from '../adapters/web/board/orders.ts';
import { lookPages } from '../adapters/web/board/pages/routes.ts';
import type { Place } from '../adapters/web/board/place.ts';
import { type BoardOptions, type ServedBoard, startBoard } from '../adapters/web/board/server.ts';
import { signInDoor } from '../adapters/web/board/sign-in.ts';
import { fileFor } from '../app/board-file.ts';
import { type BoardOrder, carryOutOrder } from '../app/board-order.ts';
import type { Told } from '../app/ports/door.ts';
import { askForLink } from '../app/sign-in.ts';
import { toldOnBoard } from '../app/told-on-board.ts';
import type { Config } from '../config/schema.ts';
import { withAbsences } from '../domain/absences.ts';
import type { Services } from './services.ts';

export const placeOf = ({ board }: Config): Place => board;

/** Serves it with the settings of the moment. */
export async function serveBoard(
  services: Services,
  place = placeOf(services.settings.config),
): Promise<ServedBoard> {
  const { board, deps } = services;
  const { log, secret } = deps;
  const context = contextOf(services);
  const { policy, now } = context;
  const { sessions } = board;
  const ask = (asked: Parameters<typeof askForLink>[1]) => askForLink(deps, asked);
  const wordsOf = (told: Told) => toldOnBoard(deps, told);
  const door = signInDoor({ place, secret, sessions, policy, now, ask, wordsOf, log });
  const served = await startBoard({ place, context, door, pages: pagesOf(services, door.tell), log });
  return {
    ...served,
    close: async () => {
      await served.close();
      await door.settled();
    },
  };
}

export function contextOf({ board, deps, settings }: Services): BoardOptions['context'] {
  const policy = async () => withAbsences(settings.policy, await deps.store.toldAbsences());
  const title = settings.policy.inboxes.values().next().value?.name ?? 'Baton';
  return { ...board, policy, now: () => deps.clock.now(), title };
}

/** Everything that whoever has come in sees and does; `tell`: what came of it, on their next page. */
export function pagesOf(services: Services, tell: OrderDesk['tell']): readonly Pages[] {
  const { board, deps } = services;
  const { policy } = contextOf(services);
  const carryOut = (order: BoardOrder) => carryOutOrder(deps, order);
  const orders: Pages = (app) => addOrders(app, { carryOut, policy, tell });
  const files: Pages = (app) => addFiles(app, (asked) => fileFor(deps, asked));
  const failed = (error: unknown) =>
    deps.log.warn({ step: 'board', error: String(error) }, 'open pages could not be told what changed');
  const news = liveNews({ changes: board.changes, failed });
  return [orders, files, styleAndScript, lookPages(board.sources), news];
}
