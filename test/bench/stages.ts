/**
 * Where the time of a mail goes on its way to the member whom it is offered to, from the moments that Baton's own rows
 * and the sink keep. All of it is one machine's clock, the moments of files to 4 ms; a row has the moment at which its
 * transaction was begun or its writer decided, not that of its commit.
 */

import { numberOf } from './mail-set.ts';
import type { Stand } from './stand.ts';
import { median, round } from './statistics.ts';

export const STAGES = [
  'delivered',
  'announced',
  'stored',
  'classified',
  'routed',
  'attempt begun',
  'at the sink',
  'recorded',
] as const;
export type Stage = (typeof STAGES)[number];
/** When a mail reached each stage, in milliseconds; null where nobody saw it. */
export type Stamps = Readonly<Record<Stage, number | null>>;
/** `ms`: median of the time from the stage before; `p99` of the same. */
export type StageTime = { readonly to: Stage; readonly ms: number; readonly p99: number };

type Row = { subject: string } & Record<
  'stored' | 'classified' | 'routed' | 'begun' | 'recorded',
  Date | null
>;

/** Of the offers, by the number of the mail. */
export async function rowStamps(stand: Stand): Promise<Map<number, Omit<Row, 'subject'>>> {
  const rows = await stand.ask<Row>(`
    SELECT words.subject, min(message.stored_at) AS stored, min(message.settled_at) AS classified,
      min(offer.asked_at) AS routed, min(attempt.started_at) AS begun, min(attempt.finished_at) AS recorded
    FROM message JOIN conversation_words AS words ON words.conversation_id = message.conversation_id
      LEFT JOIN offer ON offer.conversation_id = message.conversation_id
      LEFT JOIN outbox ON outbox.conversation_id = message.conversation_id AND outbox.kind = 'offer'
      LEFT JOIN attempt ON attempt.outbox_id = outbox.id
    GROUP BY message.conversation_id, words.subject`);
  return new Map(
    rows.flatMap(({ subject, ...row }) => {
      const number = numberOf(subject);
      return number === null ? [] : [[number, row] as const];
    }),
  );
}

/** From stage to stage, of the mails that were seen at both. */
export function stageTimes(mails: readonly Stamps[]): StageTime[] {
  return STAGES.slice(1).flatMap((to, at) => {
    const from = STAGES[at];
    const times = mails.flatMap((stamps) => {
      const begin = from === undefined ? null : stamps[from];
      const end = stamps[to];
      return begin === null || end === null ? [] : [end - begin];
    });
    const sorted = times.sort((a, b) => a - b);
    const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1];
    return p99 === undefined ? [] : [{ to, ms: round(median(sorted), 1), p99: round(p99, 1) }];
  });
}
