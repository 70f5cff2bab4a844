-- What became of a mail after a server had taken it, and whose address takes no mail.

ALTER TABLE outbox ADD COLUMN returned_at timestamptz(6) NULL;
ALTER TABLE outbox ADD COLUMN returned_as text NULL CHECK (returned_as IN ('delayed', 'delivered', 'failed'));
-- Whether writing to that address again is useless.
ALTER TABLE outbox ADD COLUMN returned_permanent boolean NULL;
ALTER TABLE outbox ADD COLUMN returned_status text NULL;
ALTER TABLE outbox ADD COLUMN returned_reason text NULL;
ALTER TABLE outbox ADD CHECK ((returned_at IS NULL) = (returned_as IS NULL));
ALTER TABLE outbox ADD CHECK ((returned_as IS NOT DISTINCT FROM 'failed') = (returned_permanent IS NOT NULL));
ALTER TABLE outbox ADD CHECK ((returned_permanent IS NULL) = (returned_reason IS NULL));
-- What came back is little, and asked for by itself.
CREATE INDEX outbox_returned ON outbox (returned_at) WHERE returned_as = 'failed';

-- Since when mail to the customer comes back for good, and when a person last said that it may go there all the same.
ALTER TABLE conversation ADD COLUMN unreached_since timestamptz(6) NULL;
ALTER TABLE conversation ADD COLUMN vouched_at timestamptz(6) NULL;

-- Until now a mail that came back counted until the customer wrote again, whatever its report said. Events stay as they
-- are; what is made of them names since when.
UPDATE outbox SET body = body || '{"failure": null}' WHERE kind = 'undeliverable';
UPDATE conversation c SET
  vouched_at = last.changed,
  snapshot = c.snapshot || jsonb_build_object(
    'vouched', CASE WHEN last.changed IS NOT NULL THEN
      jsonb_build_object('seq', last.seq, 'at', (extract(epoch FROM last.changed) * 1000000)::bigint) END,
    'unreached', CASE WHEN (c.snapshot->>'unreached')::boolean THEN
      jsonb_build_object('lasts', 'for-now', 'since', (extract(epoch FROM last.lost) * 1000000)::bigint) END)
FROM conversation known CROSS JOIN LATERAL (
  SELECT max(at) FILTER (WHERE type = 'customer-changed') AS changed,
    max(seq) FILTER (WHERE type = 'customer-changed') AS seq,
    max(at) FILTER (WHERE type = 'not-reached' AND data->'recipient'->>'type' = 'customer'
      AND data->>'why' <> 'auto-reply') AS lost
  FROM event WHERE conversation_id = known.id) AS last
WHERE known.id = c.id;
