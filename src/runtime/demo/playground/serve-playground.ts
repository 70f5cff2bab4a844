/** Puts the board and the playground on one address of this machine. */
import { postgresBoard } from '../../../adapters/db/board.ts';
import { postgresParkedList } from '../../../adapters/db/parked.ts';
import type { BoardContext, Pages } from '../../../adapters/web/board/context.ts';
import { startBoard } from '../../../adapters/web/board/server.ts';
import { overview } from '../../../adapters/web/board-page.ts';
import type { Playground } from '../../../adapters/web/playground/context.ts';
import { playgroundPages } from '../../../adapters/web/playground/routes.ts';
import type { Log } from '../../../app/ports/log.ts';
import { timeWords } from '../../../domain/notices/times.ts';
import type { Stage } from '../stage.ts';
import { demoDoor } from './demo-door.ts';

export type ServeOptions = {
  readonly stage: Stage;
  readonly playground: Playground;
  /** 0: any that is free. */
  readonly port: number;
  readonly log: Log;
};

const HOST = '127.0.0.1';

export async function servePlayground({
  stage,
  playground,
  port,
  log,
}: ServeOptions): Promise<{ url: string; close(): Promise<void> }> {
  const { pool, services, clock } = stage;
  const policy = async () => services.settings.policy;
  const histories = postgresBoard(pool);
  const context = {
    histories,
    parked: postgresParkedList({ pool }),
    policy,
    now: clock.now,
    title: playground.title,
  } as unknown as BoardContext;
  const stub: Pages = (app) => {
    app.get('/', async (_request, reply) =>
      reply.type('text/html; charset=utf-8').send(
        overview(
          {
            title: 'x',
            names: (id) => id,
            now: clock.now(),
            time: (at) => timeWords(at, clock.now(), 'Europe/London'),
            members: [],
          },
          await histories.requests(),
          await histories.mailsIn(),
        ),
      ),
    );
  };
  const { url, close } = await startBoard({
    place: { url: `http://localhost:${port}`, host: HOST, port, proxies: [] },
    context,
    door: demoDoor(playground, policy),
    pages: [stub, playgroundPages(playground)],
    log,
  });
  return { url: `${url}playground`, close };
}
