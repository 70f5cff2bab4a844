-- What became of a mail after a server had taken it, and whose address takes no mail.

ALTER TABLE outbox ADD COLUMN returned_at timestamptz(6) NULL;
ALTER TABLE outbox ADD COLUMN returned_as text NULL CHECK (returned_as IN ('delayed', 'delivered', 'failed'));
-- As the report says it: RFC 3463 class 5.
ALTER TABLE outbox ADD COLUMN returned_permanent boolean NULL;
ALTER TABLE outbox ADD COLUMN returned_status text NULL;
ALTER TABLE outbox ADD COLUMN returned_why text NULL;
ALTER TABLE outbox ADD CHECK ((returned_at IS NULL) = (returned_as IS NULL));
ALTER TABLE outbox ADD CHECK ((returned_as IS NOT DISTINCT FROM 'failed') = (returned_permanent IS NOT NULL));
ALTER TABLE outbox ADD CHECK ((returned_permanent IS NULL) = (returned_why IS NULL));
-- What came back is little, and asked for by itself.
CREATE INDEX outbox_returned ON outbox (returned_at) WHERE returned_as = 'failed';

-- Since when mail to the customer comes back for good, and when a person last said that it may go there all the same.
ALTER TABLE conversation ADD COLUMN unreached_since timestamptz(6) NULL;
ALTER TABLE conversation ADD COLUMN vouched_at timestamptz(6) NULL;

-- Until now a mail that came back counted until the customer wrote again, whatever its report said.
UPDATE event SET data = data || jsonb_build_object('failure', NULL, 'lasts',
    CASE WHEN data->'recipient'->>'type' = 'customer' AND data->>'why' <> 'auto-reply' THEN 'for-now' END)
  WHERE type = 'not-reached';
UPDATE event SET data = data || '{"failure": null}' WHERE type = 'unreachable';
UPDATE outbox SET body = body || '{"failure": null}' WHERE kind = 'undeliverable';
UPDATE conversation c SET snapshot = c.snapshot || jsonb_build_object(
    'unreached', CASE WHEN (c.snapshot->>'unreached')::boolean THEN jsonb_build_object('lasts', 'for-now', 'since', (
      SELECT (extract(epoch FROM max(e.at)) * 1000000)::bigint FROM event e
      WHERE e.conversation_id = c.id AND e.type = 'not-reached' AND e.data->>'lasts' = 'for-now')) END,
    'vouchedAt', (SELECT (extract(epoch FROM max(e.at)) * 1000000)::bigint FROM event e
      WHERE e.conversation_id = c.id AND e.type = 'customer-changed'));
UPDATE conversation c SET vouched_at = (SELECT max(e.at) FROM event e
    WHERE e.conversation_id = c.id AND e.type = 'customer-changed')
  WHERE EXISTS (SELECT FROM event e WHERE e.conversation_id = c.id AND e.type = 'customer-changed');
