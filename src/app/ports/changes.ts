/** Which requests something happened to lately, so that whoever looks at one reads it anew. Reads only. */
import type { Conversation } from '../../domain/conversation/state.ts';

export interface Changes {
  /** Those to which something happened within the last seconds, each with the number of its last event. */
  lately(): Promise<readonly ChangedRequest[]>;
}

/** Whose it is says who may hear of it. */
export type ChangedRequest = Pick<Conversation, 'id' | 'inboxId' | 'accountable' | 'owner' | 'version'> & {
  readonly asked: Conversation['accountable'];
};
