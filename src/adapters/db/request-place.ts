/** Where a list of requests ended: what the next one begins with, as text that its reader need not understand. */
import type { RequestQuestion } from '../../app/ports/requests.ts';
import type { ConversationId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';

export type Place = {
  readonly order: RequestQuestion['order'];
  /** When the first list was asked for: what is stuck is judged by that time to the last of them. */
  readonly now: Instant;
  readonly rank: number;
  readonly at: Instant;
  readonly id: ConversationId;
};

export const placeText = ({ order, now, rank, at, id }: Place): string =>
  [order, now, rank, at, id].join('.');

/** It comes back by way of a browser: what is no place of this order begins at the beginning. */
export function placeIn(text: string | undefined, wanted: Place['order']): Place | null {
  const [order, ...figures] = text?.split('.') ?? [];
  if (order !== wanted || figures.length !== 4 || !figures.every((figure) => /^\d{1,16}$/.test(figure)))
    return null;
  const [now = 0, rank = 0, at = 0, id = 0] = figures.map(Number);
  return [now, at].every((instant) => instant <= LATEST) && rank <= ID_MAX && id <= ID_MAX
    ? { order, now, rank, at, id }
    : null;
}

/** The year 2200, in microseconds. */
const LATEST: Instant = 7_258_118_400_000_000;
/** The largest `integer`. */
const ID_MAX = 2_147_483_647;
