/** A request by its number; where there is none, the nearest that there are. */
import type { Board, BoardRequest } from '../app/ports/board.ts';
import type { LedgerList } from '../app/ports/ledger-list.ts';
import { list } from '../config/problems.ts';
import type { ConversationId } from '../domain/ids.ts';
import { Finding } from './exit.ts';

export async function requestOrEnd(
  board: Pick<Board, 'requests'>,
  ledger: Pick<LedgerList, 'nearest'>,
  id: ConversationId,
): Promise<BoardRequest> {
  const [request] = await board.requests(id);
  if (request !== undefined) return request;
  const near = (await ledger.nearest(id)).map((one) => `#${one}`);
  const hint = near.length === 0 ? 'There are none yet.' : `The nearest: ${list(near)}.`;
  throw new Finding(`There is no request #${id}. ${hint}`);
}
