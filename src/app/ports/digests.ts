/** Standing mails and what a digest tells, as the store keeps them. Part of the Store and its transactions. */
import type { DigestFacts, DigestQuestion } from '../../domain/digest/facts.ts';
import type { ConversationId, MemberId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Address } from '../../domain/message.ts';
import type { StandingKind, StandingMail } from '../../domain/standing-mails.ts';

export interface DigestStore {
  /** Everything of one moment. */
  readDigest(question: DigestQuestion): Promise<DigestFacts>;
  /** What requests are called in a list: their subjects and customers; an erased one is absent. */
  readTitles(ids: readonly ConversationId[]): Promise<ReadonlyMap<ConversationId, Title>>;
  /** The member's mail of this kind with the latest date; null: there was none yet. */
  lastStandingMail(member: MemberId, kind: StandingKind): Promise<SettledMail | null>;
}

export interface DigestTransaction {
  /** True for the one who may send it; false when somebody has before, or decided that there is nothing to send. */
  claimStandingMail(mail: SettledMail): Promise<boolean>;
}

export type Title = {
  readonly subject: string;
  readonly customer: Address;
  /** When its customer wrote last; null: that mail is no longer kept. */
  readonly wroteAt: Instant | null;
};

export type SettledMail = StandingMail & {
  /** What it tells is what was so then. */
  readonly at: Instant;
  /** False: there was nothing to say. */
  readonly sent: boolean;
};
