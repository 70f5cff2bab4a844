/** Commands that say what a request is: `category`, and a no whose reason is the name of what it is instead. */
import type { Command } from '../../domain/command/command.ts';
import { grammarOf } from '../../domain/command/grammar.ts';
import { saysNone, withoutWrongTeam } from '../../domain/command/tails.ts';
import { type Chosen, saidSo } from '../../domain/conversation/categorising.ts';
import type { Conversation } from '../../domain/conversation/state.ts';
import { categoryAsked } from '../../domain/learning/authority.ts';
import { categoriesOf, categoryOfTeam, categoryTyped } from '../../domain/learning/categories.ts';
import type { Category } from '../../domain/policy.ts';
import { allCandidates, chainFor } from '../route-conversation.ts';
import type { ReplyWork } from './reply-work.ts';

export type CategoryCommand = Command & { readonly verb: 'category' | 'decline' };

export function isAboutCategory(work: ReplyWork, command: Command): command is CategoryCommand {
  if (command.verb === 'category') return true;
  return command.verb === 'decline' && insteadIn(work, command.reason) !== null;
}

export async function carryOutOnCategory(work: ReplyWork, command: CategoryCommand): Promise<void> {
  const { state } = work;
  if (state === null) throw new Error(`${work.given.reply.key} is about no request`);
  if (command.verb === 'decline') {
    const category = insteadIn(work, command.reason);
    const meant = category === null ? {} : { meant: await chosenFor(work, state, category) };
    work.command({ verb: 'decline', note: work.text(command.reason), ...meant });
    return;
  }
  const { policy } = work.given;
  const category = categoryTyped(policy, state.inboxId, command.name);
  if (category === null && !saysNone(command.name, grammarOf(policy.spellings))) {
    const known = categoriesOf(policy, state.inboxId).map(({ id }) => id);
    work.refuse('category', { code: 'unknown-category', known });
    return work.keep(command.note);
  }
  const chosen = await chosenFor(work, state, category);
  work.command({ verb: 'category', chosen, note: work.text(command.note) });
}

/**
 * What a reason names and nothing else, of what is told apart here; null: it is a reason in words, or what the request
 * counted as already.
 */
function insteadIn({ state, given: { policy } }: ReplyWork, reason: string | null): Category | null {
  if (state === null || reason === null) return null;
  const typed = withoutWrongTeam(reason, grammarOf(policy.spellings));
  const { inboxId, classified } = state;
  const named = categoryTyped(policy, inboxId, typed) ?? categoryOfTeam(policy, inboxId, typed);
  const asked = classified && categoryAsked(policy, inboxId, classified);
  return named?.id === (asked?.id ?? classified?.category) ? null : named;
}

/** Whom to ask for it, and whom after that, as things stand. */
async function chosenFor(work: ReplyWork, state: Conversation, category: Category | null): Promise<Chosen> {
  const { policy, tx, now, reply } = work.given;
  const isUrgent = category?.priority === 'urgent';
  const priority = isUrgent ? 'urgent' : state.priority;
  const said = saidSo(reply.member, category?.name ?? null);
  const classified = { category: category?.id ?? null, priority, ruleId: null, reason: said };
  const asChosen = { ...state, priority, classified };
  const load = await tx.load(allCandidates(policy, [asChosen]));
  return {
    category: classified.category,
    ...(isUrgent && { urgent: true }),
    ...chainFor(policy, asChosen, load, now),
    said,
  };
}
