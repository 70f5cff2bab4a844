/** What came of an order on the board, for the page that follows: in the words of its receipt. */

import { documentFor } from '../domain/notices/render.ts';
import { renderText } from '../domain/notices/text.ts';
import { viewOfMail } from './compose-notice.ts';
import type { Deps } from './deps.ts';
import type { Told } from './ports/door.ts';

export type ToldAnswer = {
  /** False: it was refused. */
  readonly carriedOut: boolean;
  /** A paragraph each; what others wrote stands in quotation marks. */
  readonly paragraphs: readonly string[];
};

export async function toldOnBoard(
  deps: Pick<Deps, 'store' | 'parser' | 'policy' | 'secret' | 'clock'>,
  { carriedOut, receipt, at }: Told,
): Promise<ToldAnswer | null> {
  const view = await viewOfMail(deps, { ...receipt, id: 0, createdAt: at });
  if (view === null) return null;
  const said = documentFor(view).filter(({ name }) => name === 'results');
  return { carriedOut, paragraphs: said.map((block) => renderText([block]).trim()) };
}
