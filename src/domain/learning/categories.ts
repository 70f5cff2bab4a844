/** Which categories an inbox has now, and which of them is meant by a word. */
import type { InboxId } from '../ids.ts';
import type { Category, Policy } from '../policy.ts';
import { fold } from '../roster.ts';

/** In the order of the configuration. */
export const categoriesOf = ({ categories }: Policy, inboxId: InboxId): readonly Category[] =>
  [...categories.values()].filter(({ inboxes }) => inboxes.includes(inboxId));

/** Null for what no such inbox has, or has no longer. */
export function categoryIn({ categories }: Policy, inboxId: InboxId, id: string | null): Category | null {
  const found = id === null ? undefined : categories.get(id);
  return found?.inboxes.includes(inboxId) ? found : null;
}

/** Longer names are none of the configuration's. */
const TYPED_MAX = 80;

/**
 * The one that somebody means by its id or its whole name, whatever the case and the accents; null: none, or two that
 * are called alike. An id is one category's, whatever others are called.
 */
export function categoryTyped(policy: Policy, inboxId: InboxId, typed: string): Category | null {
  const wanted = typed.length > TYPED_MAX ? '' : spoken(typed);
  if (wanted === '') return null;
  const all = categoriesOf(policy, inboxId);
  const byId = all.find(({ id }) => spoken(id) === wanted);
  if (byId !== undefined) return byId;
  const [named, ...others] = all.filter(({ name }) => spoken(name) === wanted);
  return named === undefined || others.length > 0 ? null : named;
}

/** The one that is this team's alone; null: it has none, or several. */
export function categoryOfTeam(policy: Policy, inboxId: InboxId, typed: string): Category | null {
  const wanted = typed.length > TYPED_MAX ? '' : spoken(typed);
  const isMeant = (team: string): boolean =>
    spoken(team) === wanted || spoken(policy.teams.get(team)?.name ?? team) === wanted;
  const [only, ...others] = categoriesOf(policy, inboxId).filter(
    ({ assign }) => assign.type === 'team' && isMeant(assign.team),
  );
  return wanted === '' || only === undefined || others.length > 0 ? null : only;
}

/** Ids are written with hyphens, dots and underscores where people write spaces. */
const spoken = (name: string): string => fold(name.replace(/[^\p{L}\p{M}\p{N}]+/gu, ' '));
