/**
 * What must never be found in the database, a query each. Many of these the database refuses by itself; they are
 * asked all the same, since a constraint may be dropped by hand and a proof should not rest on what it proves.
 *
 * Each query answers rows with one column `id`. `:now` stands for the instant of the check.
 */

export type AuditCheck = { readonly invariant: string; readonly what: string; readonly sql: string };

const LATER = 'later.outbox_id = a.outbox_id AND later.number > a.number';

/**
 * Of the attempt `a`: nobody knew what had become of it, or its mailer was stopped for longer than its lease and told of
 * it only when another had begun.
 */
export const UNCERTAIN = `(a.outcome IS NULL OR a.outcome = 'unknown' OR a.outcome = 'accepted'
  AND EXISTS (SELECT FROM attempt later WHERE ${LATER} AND later.started_at < a.finished_at))`;

export const auditChecks: readonly AuditCheck[] = [
  {
    invariant: 'I1',
    what: 'messages without a disposition',
    sql: `SELECT id FROM message WHERE stage <> 'settled'`,
  },
  {
    invariant: 'I1',
    what: 'messages without their raw bytes, which nobody forgot',
    sql: `SELECT m.id FROM message m WHERE m.copy_of IS NULL AND m.forgotten IS NULL
          AND NOT EXISTS (SELECT FROM message_words w WHERE w.message_id = m.id AND w.raw IS NOT NULL)`,
  },
  {
    invariant: 'I1',
    what: 'messages without their words, of which only the raw bytes were forgotten',
    sql: `SELECT m.id FROM message m WHERE m.forgotten IN ('raw', 'redacted')
          AND NOT EXISTS (SELECT FROM message_words w WHERE w.message_id = m.id)`,
  },
  {
    invariant: 'I16',
    what: 'messages with bytes or words that were forgotten or erased',
    sql: `SELECT m.id FROM message m JOIN message_words w ON w.message_id = m.id
          WHERE m.forgotten IN ('words', 'erased') OR (m.forgotten IN ('raw', 'redacted') AND w.raw IS NOT NULL)`,
  },
  {
    invariant: 'I16',
    what: 'conversations that were forgotten or erased and still have words',
    sql: `SELECT c.conversation_id AS id FROM conversation_words c WHERE c.forgotten IS NOT NULL
          AND (c.customer_address <> '' OR EXISTS (SELECT FROM thread_key k JOIN message m ON m.id = k.message_id
            WHERE m.conversation_id = c.conversation_id AND m.forgotten IN ('words', 'erased')))`,
  },
  {
    invariant: 'I2',
    what: 'conversations without exactly one message that opened them, or words that a member took down',
    sql: `SELECT c.id FROM conversation c
          JOIN event e ON e.conversation_id = c.id AND e.seq = 1
          LEFT JOIN message m ON m.conversation_id = c.id AND m.disposition = 'request'
          GROUP BY c.id, e.data HAVING count(m.id) <> CASE WHEN e.data->>'text' IS NULL THEN 1 ELSE 0 END`,
  },
  {
    invariant: 'I2',
    what: 'mails that opened more than one conversation',
    // Unless a member made a request of the copy in another inbox, or of one that could not be read.
    sql: `SELECT min(id) AS id FROM message WHERE disposition = 'request' AND content_hash IS NOT NULL
            AND reason_code <> 'request-by-member' AND NOT EXISTS (SELECT FROM event e WHERE e.type = 'also-split'
              AND (e.data->>'messageId')::bigint = message.id)
          GROUP BY content_hash HAVING count(*) > 1`,
  },
  {
    invariant: 'I2',
    what: 'conversations opened by a message that is no request',
    sql: `SELECT e.conversation_id AS id FROM event e
          JOIN message m ON m.id = (e.data->>'messageId')::bigint
          WHERE e.type = 'arrived'
            AND m.disposition IS DISTINCT FROM CASE WHEN e.data->>'text' IS NULL THEN 'request' ELSE 'command' END`,
  },
  {
    invariant: 'I2',
    what: 'machine mail that opened a conversation',
    sql: `SELECT id FROM message WHERE disposition = 'request' AND kind NOT IN ('person', 'notification')
          AND reason_code <> 'request-by-member'`,
  },
  {
    invariant: 'I3',
    what: 'conversations whose ledger has a gap, an overlap or a wrong beginning',
    sql: `SELECT DISTINCT c.id FROM conversation c JOIN (
            SELECT conversation_id, from_at, until_at,
              lag(until_at) OVER (PARTITION BY conversation_id ORDER BY from_at) AS previous_until,
              row_number() OVER (PARTITION BY conversation_id ORDER BY from_at) AS number,
              lead(from_at) OVER (PARTITION BY conversation_id ORDER BY from_at) AS next_from
            FROM ledger) l ON l.conversation_id = c.id
          WHERE (l.number = 1 AND l.from_at <> c.opened_at)
             OR (l.number > 1 AND l.previous_until IS DISTINCT FROM l.from_at)
             OR (l.next_from IS NULL AND l.until_at IS NOT NULL)`,
  },
  {
    invariant: 'I3',
    what: 'conversations with nobody in the ledger',
    sql: `SELECT c.id FROM conversation c WHERE NOT EXISTS (SELECT FROM ledger l WHERE l.conversation_id = c.id)`,
  },
  {
    invariant: 'I3',
    what: 'open conversations that nobody answers for, or done ones that somebody does',
    sql: `SELECT c.id FROM conversation c
          JOIN ledger l ON l.conversation_id = c.id AND l.from_at = c.accountable_from
          WHERE l.until_at IS NOT NULL OR (c.phase = 'done') <> l.ended OR l.ended <> (l.member_id IS NULL)`,
  },
  {
    invariant: 'I3',
    what: 'conversations whose ledger does not begin when their first message was stored, was split off another, or was taken over',
    sql: `SELECT c.id FROM conversation c JOIN message m ON m.conversation_id = c.id AND m.disposition = 'request'
          WHERE c.opened_at <> m.stored_at AND NOT EXISTS (
            SELECT FROM event e WHERE e.type IN ('split-off', 'also-split') AND (e.data->>'into')::integer = c.id
              AND (e.data->>'messageId')::bigint = m.id AND e.at >= c.opened_at)
            -- Mail from before the start has nobody until a manager has it taken over.
            AND NOT (m.history AND c.opened_at > m.stored_at AND EXISTS (
              SELECT FROM look_back_mail l JOIN message k ON k.id = l.message_id
              WHERE m.id IN (k.id, k.copy_of)))`,
  },
  {
    invariant: 'I3',
    what: 'conversations given to a member who had left before',
    sql: `SELECT DISTINCT l.conversation_id AS id FROM ledger l JOIN member m ON m.id = l.member_id
          WHERE m.left_at < l.from_at`,
  },
  {
    invariant: 'I4',
    what: 'conversations with more than one acknowledgement',
    sql: `SELECT conversation_id AS id FROM outbox WHERE kind = 'acknowledgement'
            AND contact_id IS NULL
          GROUP BY conversation_id HAVING count(*) > 1 + (
            SELECT count(*) FROM event e WHERE e.conversation_id = outbox.conversation_id
              AND e.type = 'customer-changed')`,
  },
  {
    invariant: 'I4',
    what: 'machines that got an acknowledgement of what they wrote',
    sql: `SELECT o.conversation_id AS id FROM outbox o
          JOIN message m ON m.conversation_id = o.conversation_id AND m.disposition = 'request'
          JOIN message_words w ON w.message_id = m.id
          JOIN conversation_words c ON c.conversation_id = o.conversation_id
          WHERE o.kind = 'acknowledgement' AND m.kind <> 'person'
            AND lower(w.mail->'from'->0->>'address') = lower(c.customer_address)`,
  },
  {
    invariant: 'I4',
    what: 'conversations routed without the acknowledgement that was due',
    sql: `SELECT c.id FROM conversation c WHERE c.snapshot->>'acknowledge' <> 'none'
          AND NOT EXISTS (SELECT FROM event e WHERE e.conversation_id = c.id AND e.seq = 1 AND e.data ? 'unreached')
          AND EXISTS (SELECT FROM event e WHERE e.conversation_id = c.id AND e.type = 'routed')
          AND NOT EXISTS (SELECT FROM outbox o WHERE o.conversation_id = c.id AND o.kind = 'acknowledgement')`,
  },
  {
    invariant: 'I4',
    what: 'mails to a customer from whom mail came back for good, before anybody said that it may go there',
    // Each such mail must have a word of somebody's between it and the last that came back.
    sql: `SELECT o.id FROM outbox o CROSS JOIN LATERAL (
            SELECT max(e.seq) AS seq FROM event e WHERE e.conversation_id = o.conversation_id AND e.seq < o.seq
              AND ((e.type = 'not-reached' AND e.data->>'lasts' = 'for-good' AND e.data->'recipient'->>'type' = 'customer')
                OR (e.type = 'arrived' AND e.data ? 'unreached'))
          ) AS lost
          WHERE o.recipient_id IS NULL AND o.contact_id IS NULL AND lost.seq IS NOT NULL AND NOT EXISTS (
            SELECT FROM event w LEFT JOIN event h ON h.conversation_id = w.conversation_id
              AND h.seq = (w.data->>'held')::integer
            WHERE w.conversation_id = o.conversation_id AND w.seq > lost.seq AND w.seq <= o.seq
              AND (w.type = 'customer-changed' OR (w.type = 'released' AND h.data->>'why' = 'unreached')))`,
  },
  {
    invariant: 'I5',
    what: 'mails that came back, of which their request knows nothing',
    sql: `SELECT o.id FROM outbox o WHERE o.returned_as = 'failed' AND o.conversation_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM event e WHERE e.conversation_id = o.conversation_id
              AND e.type IN ('not-reached', 'unreachable') AND e.at >= o.returned_at)`,
  },
  {
    invariant: 'I5',
    what: 'conversations with a question that was put to nobody by mail',
    sql: `SELECT DISTINCT e.conversation_id AS id FROM event e WHERE e.type = 'offered' AND NOT EXISTS (
            SELECT FROM outbox o WHERE o.conversation_id = e.conversation_id AND o.seq = e.seq
            AND o.recipient_id = e.data->>'to' AND o.kind IN ('offer', 'handoff', 'last-asked'))`,
  },
  {
    invariant: 'I5',
    what: 'conversations with an answer to the customer that is not in the outbox',
    sql: `SELECT DISTINCT e.conversation_id AS id FROM event e WHERE e.type = 'replied' AND NOT EXISTS (
            SELECT FROM outbox o WHERE o.conversation_id = e.conversation_id AND o.seq = e.seq
            AND o.kind = 'customer-reply')`,
  },
  {
    invariant: 'I5',
    what: 'replies of members that got no receipt, or several',
    sql: `SELECT m.id FROM message m WHERE m.token_hash IS NOT NULL AND m.stage = 'settled'
          AND m.disposition IN ('command', 'command-refused', 'teammate-note')
          AND m.reason_code <> 'no-more-receipts'
          AND (SELECT count(*) FROM outbox o WHERE o.kind = 'receipt'
               AND o.dedupe_key LIKE 'message:' || m.id || '/receipt/%') <> 1`,
  },
  {
    invariant: 'I5',
    what: 'notices that tell the same to the same person twice',
    sql: `SELECT max(id) AS id FROM outbox WHERE conversation_id IS NOT NULL AND kind NOT IN ('acknowledgement', 'receipt')
          GROUP BY conversation_id, seq, kind, recipient_id, contact_id HAVING count(*) > 1`,
  },
  {
    invariant: 'I5',
    what: 'parked messages of which nobody was told',
    sql: `SELECT m.id FROM message m WHERE m.disposition = 'parked'
          AND NOT EXISTS (SELECT FROM outbox o WHERE o.dedupe_key LIKE 'message:' || m.id || '/parked/%')`,
  },
  {
    invariant: 'I5',
    what: 'notices that are due and were not sent',
    sql: `SELECT id FROM outbox WHERE (state = 'pending' AND due_at <= :now)
          OR (state = 'sending' AND lease_until <= :now)`,
  },
  {
    invariant: 'I5',
    what: 'notices that were sent and whose bytes are gone, which nobody forgot',
    sql: `SELECT o.id FROM outbox o WHERE o.state = 'sent' AND o.forgotten IS NULL
          AND NOT EXISTS (SELECT FROM outbox_words w WHERE w.outbox_id = o.id)`,
  },
  {
    invariant: 'I5',
    what: 'notices marked as sent without an attempt that was accepted',
    sql: `SELECT o.id FROM outbox o WHERE o.state = 'sent' AND NOT EXISTS (
            SELECT FROM attempt a WHERE a.outbox_id = o.id AND a.outcome = 'accepted')`,
  },
  {
    invariant: 'I5',
    what: 'notices that are said to be in a bundle and are in none, or in one and went out by themselves',
    sql: `SELECT o.id FROM outbox o FULL JOIN (
            SELECT jsonb_array_elements_text(body->'notices') AS key FROM outbox WHERE kind = 'bundle'
          ) AS held USING (key) WHERE (o.state = 'bundled') <> (held.key IS NOT NULL)`,
  },
  {
    invariant: 'I6',
    what: 'notices sent again after they had been accepted',
    sql: `SELECT DISTINCT a.outbox_id AS id FROM attempt a JOIN attempt later ON ${LATER}
          WHERE a.outcome = 'accepted' AND later.started_at >= a.finished_at`,
  },
  {
    invariant: 'I7',
    what: 'replies acted on whose token belongs to somebody else or to another conversation',
    sql: `SELECT m.id FROM message m LEFT JOIN token t ON t.hash = m.token_hash
          WHERE m.disposition IN ('command', 'command-refused') AND (t.hash IS NULL
            OR t.member_id IS DISTINCT FROM m.member_id
            OR (t.conversation_id IS DISTINCT FROM m.conversation_id AND NOT (t.conversation_id IS NULL AND EXISTS (
              SELECT FROM event e WHERE e.conversation_id = m.conversation_id AND e.seq = 1
                AND (e.data->>'messageId')::bigint IN (m.id, t.subject)))))`,
  },
  {
    invariant: 'I7',
    what: 'commands from a mail whose From names not exactly one person',
    sql: `SELECT m.id FROM message m JOIN message_words w ON w.message_id = m.id
          WHERE m.disposition = 'command' AND jsonb_array_length(w.mail->'from') <> 1`,
  },
  {
    invariant: 'I7',
    what: 'conversations changed in the name of a member who wrote nothing to them',
    sql: `SELECT DISTINCT e.conversation_id AS id FROM event e WHERE e.data->>'by' IS NOT NULL AND NOT EXISTS (
            SELECT FROM message m WHERE m.member_id = e.data->>'by' AND m.conversation_id = CASE
              WHEN e.type = 'absorbed' THEN (e.data->>'from')::integer ELSE e.conversation_id END)
          -- What was ordered on the board came in no mail.
          AND NOT EXISTS (
            SELECT FROM board_order b WHERE b.member_id = e.data->>'by' AND b.carried_out AND b.at <= e.at
              AND b.conversation_id = CASE
                WHEN e.type = 'absorbed' THEN (e.data->>'from')::integer ELSE e.conversation_id END)
          -- An answer to a mail that listed requests belongs to none of them.
          AND NOT EXISTS (
            SELECT FROM message m JOIN token t ON t.hash = m.token_hash JOIN outbox o ON o.dedupe_key = t.list
            WHERE m.member_id = e.data->>'by' AND m.disposition = 'command' AND o.recipient_id = m.member_id
              AND o.body->'listed' @> jsonb_build_array(jsonb_build_object('conversationId',
                CASE WHEN e.type = 'absorbed' THEN (e.data->>'from')::integer ELSE e.conversation_id END)))`,
  },
  {
    invariant: 'I7',
    what: 'orders on the board of members who had left before',
    sql: `SELECT b.conversation_id AS id FROM board_order b JOIN member m ON m.id = b.member_id WHERE m.left_at < b.at`,
  },
  {
    invariant: 'I7',
    what: 'orders on the board that were told to nobody, or to somebody else',
    sql: `SELECT b.conversation_id AS id FROM board_order b WHERE b.receipt->'recipient'->>'member' IS DISTINCT FROM b.member_id`,
  },
  {
    invariant: 'I7',
    what: 'Message-IDs that acted more than once',
    sql: `SELECT min(id) AS id FROM message WHERE disposition = 'command' AND message_id_hash IS NOT NULL
          GROUP BY message_id_hash HAVING count(*) > 1`,
  },
  {
    invariant: 'I8',
    what: 'conversations in which an answer was not waited for until its time',
    sql: `SELECT DISTINCT conversation_id AS id FROM offer
          WHERE outcome = 'lapsed' AND (accept_by IS NULL OR closed_at < accept_by)`,
  },
  {
    invariant: 'I8',
    what: 'conversations whose clock ran out more than five minutes ago and nothing followed',
    sql: `SELECT id FROM conversation WHERE due_at < :now - interval '5 minutes'`,
  },
  {
    invariant: 'I8',
    what: 'conversations that are not done and that no clock watches, apart from those that wait for the router',
    sql: `SELECT id FROM conversation WHERE due_at IS NULL AND (phase IN ('offered', 'owned')
            OR (phase = 'arrived' AND (snapshot->>'routed')::boolean))`,
  },
  {
    invariant: 'I8',
    what: 'mails that could not be read and wait for a decision without exactly one person and a next instant',
    sql: `SELECT m.id FROM message m LEFT JOIN parked p ON p.message_id = m.id
          WHERE m.disposition = 'parked' AND m.reason_code <> 'dismissed'
            AND (p.accountable_id IS NULL OR p.due_at IS NULL)`,
  },
  {
    invariant: 'I8',
    what: 'mails about which somebody has decided and that still wait for somebody',
    sql: `SELECT p.message_id AS id FROM parked p JOIN message m ON m.id = p.message_id
          WHERE p.due_at IS NOT NULL AND (m.disposition IS DISTINCT FROM 'parked' OR m.reason_code = 'dismissed')`,
  },
  {
    invariant: 'I8',
    what: 'mails that could not be read, whose clock ran out more than five minutes ago and nothing followed',
    sql: `SELECT message_id AS id FROM parked WHERE due_at < :now - interval '5 minutes'`,
  },
  {
    invariant: 'I8',
    what: 'mails that could not be read, with which somebody was not waited for until their time',
    sql: `SELECT DISTINCT e.message_id AS id FROM parked_event e CROSS JOIN LATERAL (
            SELECT (d.data->>'due')::bigint AS due FROM parked_event d WHERE d.message_id = e.message_id
              AND d.seq < e.seq AND d.data ? 'due' ORDER BY d.seq DESC LIMIT 1) AS before
          WHERE (e.type = 'reminded' OR (e.type = 'moved' AND e.data->>'why' = 'silent'))
            AND (extract(epoch FROM e.at) * 1000000)::bigint < before.due`,
  },
  {
    invariant: 'I10',
    what: 'conversations whose events have a gap',
    sql: `SELECT conversation_id AS id FROM event GROUP BY conversation_id HAVING max(seq) <> count(*)`,
  },
];
