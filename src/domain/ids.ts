/** Identifiers. Aliases, not brands: they say what a string or number is without ceremony at every edge. */

/** The stable key of a member in the configuration, such as `priya`. */
export type MemberId = string;
/** The stable key of an inbox in the configuration, such as `maintenance`. */
export type InboxId = string;
export type TeamId = string;
/** The stable key of a kind of request in the configuration, such as `repair`. */
export type CategoryId = string;
/** A conversation's number, which is also its public reference: 1042 is shown as `#1042`. */
export type ConversationId = number;
/** A stored message's row. */
export type MessageId = number;
/** An outbox row. */
export type NoticeId = number;
/** An erasable row of words that somebody wrote to Baton (a note, a reason, an answer). */
export type TextId = string;
/** An erasable row of somebody outside the team who takes part in a request: a helper, or a person in copy. */
export type ContactId = string;
/** A row of an absence that somebody told us of by mail. */
export type AbsenceId = number;
/** A look back that a manager was mailed of. */
export type LookBackId = number;
