/** The board of a running Baton: its pages, who comes in, and where it listens. */
import type { FastifyInstance } from 'fastify';
import type { Pages } from '../adapters/web/board/context.ts';
import { addFiles } from '../adapters/web/board/files.ts';
import { addOrders } from '../adapters/web/board/orders.ts';
import type { Place } from '../adapters/web/board/place.ts';
import { startBoard } from '../adapters/web/board/server.ts';
import { signInDoor } from '../adapters/web/board/sign-in.ts';
import { fileFor } from '../app/board-file.ts';
import { type BoardOrder, carryOutOrder } from '../app/board-order.ts';
import type { Told } from '../app/ports/door.ts';
import { askForLink } from '../app/sign-in.ts';
import { toldOnBoard } from '../app/told-on-board.ts';
import type { Config } from '../config/schema.ts';
import { withAbsences } from '../domain/absences.ts';
import type { Services } from './services.ts';

/** Every group of pages. */
const PAGES: readonly Pages[] = [];

export const placeOf = ({ board }: Config): Place => board;

/** Serves it with the settings of the moment. */
export async function serveBoard(
  services: Services,
  place = placeOf(services.settings.config),
): Promise<{ url: string; app: FastifyInstance; close(): Promise<void> }> {
  const { board, deps, settings } = services;
  const { log, secret, clock, store } = deps;
  const policy = async () => withAbsences(settings.policy, await store.toldAbsences());
  const now = () => clock.now();
  const title = settings.policy.inboxes.values().next().value?.name ?? 'Baton';
  const { sessions } = board;
  const ask = (asked: Parameters<typeof askForLink>[1]) => askForLink(deps, asked);
  const wordsOf = (told: Told) => toldOnBoard(deps, told);
  const door = signInDoor({ place, secret, sessions, policy, now, ask, wordsOf, log });
  const carryOut = (order: BoardOrder) => carryOutOrder(deps, order);
  const orders: Pages = (app) => addOrders(app, { carryOut, policy, tell: door.tell });
  const files: Pages = (app) => addFiles(app, (asked) => fileFor(deps, asked));
  const context = { ...board, policy, now, title };
  const served = await startBoard({ place, context, door, pages: [orders, files, ...PAGES], log });
  return {
    ...served,
    close: async () => {
      await served.close();
      await door.settled();
    },
  };
}
