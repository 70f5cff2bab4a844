/** Why Baton decided something by itself: a stable code for machines and a sentence for people. */
import type { MemberId } from './ids.ts';

export type Reason = {
  readonly code: string;
  /**
   * Made of configured words and numbers only: reasons are kept in events, which hold nobody's own words. Members
   * stand in it as `@id`, so that a mail can say "you" and a name can change.
   */
  readonly sentence: string;
};

/** A member in a reason's sentence. */
export const mention = (id: MemberId): string => `@${id}`;

/** Cuts a sentence into its text and the members in it; what only looks like a member stays text. */
export function mentionsIn(
  sentence: string,
  isMember: (id: MemberId) => boolean,
): readonly ({ readonly text: string } | { readonly member: MemberId })[] {
  return sentence.split(/(@[A-Za-z0-9._-]*[A-Za-z0-9])/).map((part) => {
    const id = part.startsWith('@') ? part.slice(1) : null;
    return id !== null && isMember(id) ? { member: id } : { text: part };
  });
}
