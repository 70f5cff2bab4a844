/**
 * Receipts that prove a mailbox: written for an answer by mail that was believed. One for an order on the board says
 * nothing of mail, since whoever is signed in there needs none for days.
 */
export const provedReceipt = (outbox: string): string =>
  `${outbox}.kind = 'receipt' AND ${outbox}.dedupe_key NOT LIKE 'order:%'`;
