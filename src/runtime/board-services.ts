/** What the pages of the board read. Apart from board.ts, so that whoever serves no board loads no server. */
import { postgresBoard } from '../adapters/db/board.ts';
import { postgresChanges } from '../adapters/db/changes.ts';
import { postgresSessions } from '../adapters/db/door.ts';
import { postgresLearning } from '../adapters/db/learning.ts';
import { postgresMailFlows } from '../adapters/db/mail-flow.ts';
import { postgresModels } from '../adapters/db/models.ts';
import { postgresOutages } from '../adapters/db/outages.ts';
import { postgresOutboxList } from '../adapters/db/outbox-list.ts';
import { postgresParkedList } from '../adapters/db/parked.ts';
import type { Pool } from '../adapters/db/pool.ts';
import { postgresRequests } from '../adapters/db/requests.ts';
import { weeklyReportStore } from '../adapters/db/weekly-report.ts';
import type { PageSources } from '../adapters/web/board/pages/routes.ts';
import type { Board } from '../app/ports/board.ts';
import type { Changes } from '../app/ports/changes.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { Sessions } from '../app/ports/door.ts';
import type { ParkedList } from '../app/ports/parked.ts';
import type { Requests } from '../app/ports/requests.ts';
import type { Policy } from '../domain/policy.ts';

export type BoardServices = {
  readonly requests: Requests;
  readonly histories: Board;
  readonly parked: ParkedList;
  readonly sessions: Sessions;
  readonly changes: Changes;
  readonly sources: PageSources;
};

export function boardServices(pool: Pool, time: Clock | 'database', policy: () => Policy): BoardServices {
  return {
    requests: postgresRequests({ pool, time, policy }),
    changes: postgresChanges({ pool, time }),
    sources: {
      outbox: postgresOutboxList({ pool, time }),
      flows: postgresMailFlows({ pool, time }),
      outages: postgresOutages({ pool, time }),
      weeks: weeklyReportStore(pool),
      models: postgresModels({ pool, time }),
      learning: postgresLearning({ pool, time }),
    },
    histories: postgresBoard(pool),
    parked: postgresParkedList({ pool }),
    sessions: postgresSessions({ pool, time }),
  };
}
