/** What was learned, as whoever classifies asks for it. */
import type { InboxId } from '../../domain/ids.ts';
import type { Content } from '../../domain/learning/example.ts';
import type { Proposal } from '../../domain/learning/proposal.ts';

export type CurrentModel = {
  /**
   * What the model in use makes of a mail to this inbox; null: there is none, or the inbox has no categories. Nothing
   * is awaited and nothing is thrown, since mail waits for it. `because`: the words that mattered, for people alone;
   * they are the customer's and must not be kept in an event.
   */
  propose(inboxId: InboxId, content: Content): (Proposal & { readonly because: readonly string[] }) | null;
};
