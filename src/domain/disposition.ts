/** What became of a message. Every message ends with exactly one of these; the counts must add up to the mailbox. */
export const Dispositions = [
  /** Opened a request. */
  'request',
  /** Added to a request by its customer, or by somebody who is no member. */
  'follow-up',
  /** A member answered the customer without Baton's help. */
  'teammate-reply',
  /** A member's words that were kept and moved nothing. */
  'teammate-note',
  'command',
  'command-refused',
  'bounce',
  'auto-reply',
  /** A delivery status, read receipt or feedback report. */
  'report',
  'bulk',
  /** The same mail came in before. */
  'duplicate',
  /** Our own mail came back to us. */
  'own',
  /** From before Baton watched this mailbox. */
  'history',
  /** Could not be read; kept for a person. */
  'parked',
] as const;
export type Disposition = (typeof Dispositions)[number];
