/**
 * Whether mail of a member arrives, and mail to them, as `people` and `doctor` tell it.
 *
 * Receipts that prove a mailbox: written for an answer by mail that was believed. One for an order on the board says
 * nothing of mail, since whoever is signed in there needs none for days.
 */
export const provedReceipt = (outbox: string): string =>
  `${outbox}.kind = 'receipt' AND ${outbox}.dedupe_key NOT LIKE 'order:%'`;

/** A full mailbox empties itself; and what came back a week ago says little of today. */
export const lostForGood = (outbox: string, now: string): string =>
  `${outbox}.returned_as = 'failed' AND ${outbox}.returned_permanent AND ${outbox}.returned_at > ${now} - interval '7 days'`;
