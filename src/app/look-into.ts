/** What a new request is about: by the rules, by what was learned, by who had the last one; and the words that say so. */
import type { Classification } from '../domain/classify.ts';
import type { Classified } from '../domain/conversation/events.ts';
import type { InboxId } from '../domain/ids.ts';
import { weigh } from '../domain/learning/authority.ts';
import { contentOf } from '../domain/learning/example.ts';
import type { Mail } from '../domain/message.ts';
import type { Policy } from '../domain/policy.ts';
import type { CurrentModel } from './ports/model.ts';
import type { ThreadLookUps } from './ports/threads.ts';

/** Nothing was learned. */
export const NoModel: CurrentModel = { propose: () => null };

export type About = {
  readonly policy: Policy;
  readonly model: CurrentModel;
  readonly inboxId: InboxId;
  readonly mail: Mail;
  readonly ruled: Classification;
  /** Why what was learned may not choose for such a mail; null: it may. */
  readonly mayNot: string | null;
  /** The customer, where it is proved that they wrote it; null: it is not, or nobody is to be asked because of them. */
  readonly proved: string | null;
};

export type LookedInto = {
  readonly classified: Classified;
  /** Words of the mail that spoke for what a model made of it: its customer's, kept with the request's other words. */
  readonly because: readonly string[];
};

/** A sentence needs no more. */
const BECAUSE_MAX = 4;
const WORD_MAX = 40;

export async function lookInto(
  tx: Pick<ThreadLookUps, 'findPreviousOwner'>,
  { policy, model, inboxId, mail, ruled, mayNot, proved }: About,
): Promise<LookedInto> {
  const { mode, previousOwner: when } = policy.learning;
  // A rule that assigns has decided, and nobody else needs to be heard.
  const isOpen = ruled.assign === null;
  const proposed = isOpen && mode !== 'off' ? model.propose(inboxId, contentOf(mail)) : null;
  const asksOwner = isOpen && when !== 'never' && proved !== null && proved !== '';
  const previousOwner = asksOwner ? await tx.findPreviousOwner(inboxId, proved) : null;
  const { because = [], ...proposal } = proposed ?? { because: [] };
  const classified = weigh({
    ...{ policy, inboxId, ruled, mayNot, previousOwner },
    proposal: 'model' in proposal ? proposal : null,
  });
  return { classified, because: classified.proposal === undefined ? [] : shown(because) };
}

/** They are shown to people, in quotation marks and on terminals. No address, which would be somebody's. */
const shown = (because: readonly string[]): readonly string[] =>
  because
    .filter((word) => word.length <= WORD_MAX && /^[\p{L}\p{M}\p{N} '’-]+$/u.test(word))
    .slice(0, BECAUSE_MAX);
