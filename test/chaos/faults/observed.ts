/**
 * What there is to see afterwards, of database, mailbox, sink and logs, as plain data: the checker judges nothing else.
 * None of it is read by Baton's own code.
 */
import { Redis } from 'ioredis';
import type pg from 'pg';
import { readSink } from '../../../src/runtime/sink-folder.ts';
import type { Lying } from './maildrop.ts';
import { CANARY } from './mails.ts';
import { type Received, sinkReader } from './received.ts';

export type Row = {
  readonly id: number;
  readonly rawHash: string | null;
  readonly messageId: string | null;
  readonly stage: string;
  readonly disposition: string | null;
  readonly reasonCode: string | null;
  readonly conversationId: number | null;
  readonly copyOf: number | null;
};

export type Request = { readonly id: number; readonly openedBy: number | null; readonly customer: string };

export type Notice = {
  readonly id: number;
  readonly key: string;
  readonly kind: string;
  readonly state: string;
  readonly code: string | null;
  readonly conversationId: number | null;
  /** The mail that it answers, where it is a receipt. */
  readonly receiptOf: number | null;
  /** Tries of which nobody knew what had become when the next one began. */
  readonly uncertain: number;
  readonly tries: number;
};

/** Who was accountable; times in microseconds. */
export type Span = {
  readonly conversationId: number;
  readonly from: number;
  readonly until: number | null;
  readonly member: string | null;
};

export type SunkMail = Received & { readonly hash: string };

export type Observed = {
  readonly rows: readonly Row[];
  readonly requests: readonly Request[];
  readonly notices: readonly Notice[];
  readonly ledger: readonly Span[];
  readonly sunk: readonly SunkMail[];
  readonly lying: readonly Lying[];
  /** Places where words or secrets were found that should not be there. */
  readonly leaks: readonly string[];
};

export async function observe(options: {
  readonly database: Pick<pg.Pool, 'query'>;
  readonly sunk: readonly SunkMail[];
  readonly lying: readonly Lying[];
  readonly leaks: readonly string[];
}): Promise<Observed> {
  const { database, sunk, lying, leaks } = options;
  const all = async <T extends pg.QueryResultRow>(sql: string): Promise<T[]> =>
    (await database.query<T>(sql)).rows;
  return {
    rows: await all<Row>(ROWS),
    requests: await all<Request>(REQUESTS),
    notices: await all<Notice>(NOTICES),
    ledger: await all<Span>(LEDGER),
    sunk,
    lying,
    leaks,
  };
}

export function sunkIn(folder: string): SunkMail[] {
  const hashes = new Map(readSink(folder).map(({ file, hash }) => [file, hash]));
  return sinkReader(folder)().map((mail) => ({ ...mail, hash: hashes.get(mail.file) ?? '' }));
}

const ROWS = `
  SELECT m.id, m.raw_hash AS "rawHash", w.mail->>'messageId' AS "messageId", m.stage, m.disposition,
    m.reason_code AS "reasonCode", m.conversation_id AS "conversationId", m.copy_of AS "copyOf"
  FROM message m LEFT JOIN message_words w ON w.message_id = m.id ORDER BY m.id`;

const REQUESTS = `
  SELECT c.id, (e.data->>'messageId')::bigint AS "openedBy", w.customer_address AS customer
  FROM conversation c JOIN event e ON e.conversation_id = c.id AND e.seq = 1
  JOIN conversation_words w ON w.conversation_id = c.id`;

const NOTICES = `
  SELECT o.id, o.key, o.kind, o.state, o.outcome_code AS code, o.conversation_id AS "conversationId",
    CASE WHEN o.kind = 'receipt' THEN substring(o.dedupe_key FROM '^message:([0-9]+)/receipt')::bigint END AS "receiptOf",
    (SELECT count(*) FROM attempt a WHERE a.outbox_id = o.id AND (a.outcome = 'unknown' OR a.outcome IS NULL
      OR a.outcome = 'accepted' AND EXISTS (SELECT FROM attempt b WHERE b.outbox_id = o.id AND b.number = a.number + 1
        AND b.started_at < a.finished_at))) AS uncertain,
    (SELECT count(*) FROM attempt a WHERE a.outbox_id = o.id) AS tries
  FROM outbox o`;

const LEDGER = `
  SELECT conversation_id AS "conversationId", (extract(epoch FROM from_at) * 1000000)::bigint AS from,
    (extract(epoch FROM until_at) * 1000000)::bigint AS until, member_id AS member
  FROM ledger ORDER BY conversation_id, from_at`;

const WORDS_SHOWN = 80;

/** Where the words of mails, or secrets, stand in what workers said. */
export function leaksIn(logs: readonly string[], secrets: readonly string[]): string[] {
  return logs.flatMap((log) =>
    [CANARY, ...secrets].flatMap((word) => {
      const at = log.indexOf(word);
      return at === -1
        ? []
        : [`a log says ${word}: …${log.slice(Math.max(0, at - WORDS_SHOWN), at + WORDS_SHOWN)}`];
    }),
  );
}

/** Likewise in everything that Redis holds. */
export async function leaksInRedis(url: string, secrets: readonly string[]): Promise<string[]> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, commandTimeout: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const leaks: string[] = [];
    for (let cursor = '0'; ; ) {
      const [next, keys] = await client.scan(cursor, 'COUNT', 500);
      for (const key of keys) {
        const held = (await client.dumpBuffer(key))?.toString('latin1') ?? '';
        if ([CANARY, ...secrets].some((word) => `${key}${held}`.includes(word)))
          leaks.push(`Redis holds words in ${key}`);
      }
      if (next === '0') return leaks;
      cursor = next;
    }
  } finally {
    client.disconnect();
  }
}
