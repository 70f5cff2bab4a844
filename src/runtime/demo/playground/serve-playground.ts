/** Puts the board and the playground on one address of this machine. */

import { postgresRequests } from '../../../adapters/db/requests.ts';
import type { BoardContext, Pages } from '../../../adapters/web/board/context.ts';
import { liveNews, styleAndScript } from '../../../adapters/web/board/live/events.ts';
import { lookPages, type PageSources } from '../../../adapters/web/board/pages/routes.ts';
import { startBoard } from '../../../adapters/web/board/server.ts';
import type { Playground } from '../../../adapters/web/playground/context.ts';
import { playgroundPages } from '../../../adapters/web/playground/routes.ts';
import type { Changes } from '../../../app/ports/changes.ts';
import type { Log } from '../../../app/ports/log.ts';
import { withAbsences } from '../../../domain/absences.ts';
import type { Played } from '../play.ts';
import { demoDoor } from './demo-door.ts';

export type ServeOptions = {
  readonly played: Pick<Played, 'stage' | 'board'>;
  readonly playground: Playground;
  /** 0: any that is free. */
  readonly port: number;
  readonly log: Log;
};

const HOST = '127.0.0.1';

export async function servePlayground({
  played,
  playground,
  port,
  log,
}: ServeOptions): Promise<{ url: string; close(): Promise<void> }> {
  const { services, clock, pool } = played.stage;
  const { board, deps, settings } = services;
  const policy = async () => withAbsences(settings.policy, await deps.store.toldAbsences());
  const context: BoardContext = {
    ...board,
    requests: postgresRequests({ pool, time: clock, policy: () => settings.policy }),
    policy,
    now: clock.now,
    title: playground.title,
  };
  const failed = (error: unknown) =>
    log.error({ step: 'board', error: String(error) }, 'news could not be read');
  const sources = {} as unknown as PageSources;
  const pages: readonly Pages[] = [
    styleAndScript,
    liveNews({ changes: changesOf(played), failed }),
    lookPages(sources),
    playgroundPages(playground),
  ];
  const { url, close } = await startBoard({
    place: { url: `http://localhost:${port}`, host: HOST, port, proxies: [] },
    context,
    door: demoDoor(playground, policy),
    pages,
    log,
  });
  return { url: `${url}playground`, close };
}

/** What happened within the last seconds is not asked by a clock that skips hours: all of it counts as lately. */
function changesOf({ board }: ServeOptions['played']): Changes {
  return {
    lately: async () =>
      (await board.requests()).map(({ id, inboxId, state: { accountable, owner, version, offer } }) => ({
        ...{ id, inboxId, accountable, owner, version },
        asked: offer?.to ?? null,
      })),
  };
}
