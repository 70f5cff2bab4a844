/** Whom a request could be handed to, for the mails that name somebody: whoever refused is not put forward again. */
import type { Conversation } from './conversation/state.ts';
import type { MemberId } from './ids.ts';
import type { Instant } from './instant.ts';
import { teamsOf } from './ladder.ts';
import type { Policy } from './policy.ts';
import { isHere } from './roster.ts';

export type MindFor = {
  readonly policy: Policy;
  readonly reader: MemberId | null;
  readonly at: Instant;
  /** What each has in hand already, of whoever has something. */
  readonly load: ReadonlyMap<MemberId, number>;
};

/**
 * Whoever is of its team comes to mind first, then whoever was to be asked anyway, then who works there: of those who
 * are here whoever has the least. Neither its reader, nor who has or wrote it, nor whoever was asked and did not take it.
 */
export function comesToMind(state: Conversation, { policy, reader, at, load }: MindFor): readonly MemberId[] {
  const { category = null, ruleId = null } = state.classified ?? {};
  const team = teamsOf(policy, { ruleId, category, owner: state.owner }).flatMap(
    (id) => policy.teams.get(id)?.members ?? [],
  );
  const out = new Set([reader, state.owner, state.accountable, state.author, ...state.asked]);
  const found = new Set<MemberId>();
  for (const people of [team, state.chain, [...load.keys()]]) {
    const here = people.filter((id) => !out.has(id) && isHere(policy, id, at));
    const byLoad = (a: MemberId, b: MemberId): number =>
      (load.get(a) ?? 0) - (load.get(b) ?? 0) || (a < b ? -1 : 1);
    for (const id of here.toSorted(byLoad)) found.add(id);
  }
  return [...found];
}
