/** Puts the board and the playground on one address of this machine. */
import { startBoard } from '../../../adapters/web/board/server.ts';
import type { Playground } from '../../../adapters/web/playground/context.ts';
import { playgroundPages } from '../../../adapters/web/playground/routes.ts';
import type { Board } from '../../../app/ports/board.ts';
import type { Changes } from '../../../app/ports/changes.ts';
import { contextOf, pagesOf } from '../../board.ts';
import type { Played } from '../play.ts';
import { demoDoor } from './demo-door.ts';

export type ServeOptions = {
  readonly played: Pick<Played, 'stage' | 'board'>;
  readonly playground: Playground;
  /** 0: any that is free. */
  readonly port: number;
};

/** Whoever is on this machine, and nobody else. */
const HOST = '127.0.0.1';

export async function servePlayground({
  played: { stage, board },
  playground,
  port,
}: ServeOptions): Promise<{ url: string; close(): Promise<void> }> {
  const services = { ...stage.services, board: { ...stage.services.board, changes: allOf(board) } };
  const context = contextOf(services);
  const door = demoDoor(stage, playground, context.policy);
  const { url, close } = await startBoard({
    place: { url: `http://localhost:${port}`, host: HOST, port, proxies: [] },
    context,
    door,
    pages: [...pagesOf(services, door.tell), playgroundPages(playground)],
    log: services.deps.log,
  });
  return { url: `${url}playground`, close };
}

/** A clock that skips hours cannot say what happened within the last seconds: all of it counts as lately. */
const allOf = (board: Board): Changes => ({
  lately: async () =>
    (await board.requests()).map(({ id, inboxId, state: { accountable, owner, version, offer } }) => ({
      ...{ id, inboxId, accountable, owner, version },
      asked: offer?.to ?? null,
    })),
});
