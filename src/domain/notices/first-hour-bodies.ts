/** The notices of the first days: what a new member is told, and what would have gone out while Baton only looked on. */
import type { ConversationId, MemberId } from '../ids.ts';
import type { Listed } from './listed.ts';

export type FirstHourBody =
  /** To a member, in a manager's name: what Baton will do, and one word to answer. `again`: how often it came before. */
  | { readonly kind: 'welcome'; readonly by: MemberId; readonly again: number }
  /** To a manager: what nobody was told, as Baton only looked on. `ended`: from now on they are. */
  | {
      readonly kind: 'shadow';
      readonly items: readonly ShadowItem[];
      /** Requests beyond those. */
      readonly more: number;
      /** How many mails were held back, to people outside and to members. */
      readonly outside: number;
      readonly members: number;
      readonly ended: boolean;
      readonly listed: readonly Listed[];
    };

/** Whom one request would have been put to, in that order. */
export type ShadowItem = { readonly conversationId: ConversationId; readonly asked: readonly MemberId[] };
