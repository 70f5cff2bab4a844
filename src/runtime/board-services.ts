/** What the pages of the board read. Apart from board.ts, so that whoever serves no board loads no server. */
import { postgresBoard } from '../adapters/db/board.ts';
import { postgresSessions } from '../adapters/db/door.ts';
import { postgresParkedList } from '../adapters/db/parked.ts';
import type { Pool } from '../adapters/db/pool.ts';
import type { Board } from '../app/ports/board.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { Sessions } from '../app/ports/door.ts';
import type { ParkedList } from '../app/ports/parked.ts';
import type { Requests } from '../app/ports/requests.ts';

export type BoardServices = {
  readonly requests: Requests;
  readonly histories: Board;
  readonly parked: ParkedList;
  readonly sessions: Sessions;
};

export function boardServices(pool: Pool, time: Clock | 'database'): BoardServices {
  return {
    requests: notThere,
    histories: postgresBoard(pool),
    parked: postgresParkedList({ pool }),
    sessions: postgresSessions({ pool, time }),
  };
}

const missing = async (): Promise<never> => {
  throw new Error('requests cannot be looked through yet');
};
const notThere: Requests = { list: missing, counts: missing, tookPart: missing };
