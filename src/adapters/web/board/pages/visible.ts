/** A request with its history, for whoever may see it: by what it is now, or since they ever took part in it. */
import type { BoardRequest } from '../../../../app/ports/board.ts';
import { maySee } from '../../../../domain/sight.ts';
import type { BoardContext, Viewer } from '../context.ts';

/** null: there is none of that number, or it is not for them; nobody learns which. */
export async function visibleRequest(
  { requests, histories }: Pick<BoardContext, 'requests' | 'histories'>,
  { sight, member }: Viewer,
  id: number | null,
): Promise<BoardRequest | null> {
  const [request] = id === null ? [] : await histories.requests(id);
  if (request === undefined) return null;
  const may = maySee(sight, request.state, false) || (await requests.tookPart(request.id, member));
  return may ? request : null;
}
