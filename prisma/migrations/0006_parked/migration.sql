-- Mail that could not be read: who answers for it and when the next person is asked, until somebody decides.

CREATE TABLE parked (
  message_id     bigint PRIMARY KEY REFERENCES message DEFERRABLE INITIALLY DEFERRED,
  inbox_id       text NOT NULL REFERENCES inbox,
  version        integer NOT NULL CHECK (version > 0),
  -- Both until somebody has decided, neither after that.
  accountable_id text NULL REFERENCES member,
  due_at         timestamptz(6) NULL,
  CHECK ((accountable_id IS NULL) = (due_at IS NULL))
);
CREATE INDEX parked_due ON parked (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX parked_accountable ON parked (accountable_id) WHERE accountable_id IS NOT NULL;

-- What has happened to it. Holds ids, codes and instants, and nobody's words.
CREATE TABLE parked_event (
  message_id bigint NOT NULL REFERENCES parked DEFERRABLE INITIALLY DEFERRED,
  seq        integer NOT NULL CHECK (seq > 0),
  at         timestamptz(6) NOT NULL,
  type       text NOT NULL,
  data       jsonb NOT NULL,
  PRIMARY KEY (message_id, seq),
  UNIQUE (message_id, at)
);

-- What waited before there was a clock: whoever was told last answers for it, and has the default time from now on.
INSERT INTO parked (message_id, inbox_id, version, accountable_id, due_at)
SELECT message.id, outbox.inbox_id, 1, outbox.recipient_id, date_trunc('milliseconds', now()) + interval '4 hours'
FROM message CROSS JOIN LATERAL (
  SELECT inbox_id, recipient_id FROM outbox
  WHERE kind = 'parked' AND dedupe_key LIKE 'message:' || message.id || '/parked/%' ORDER BY id DESC LIMIT 1
) AS outbox
WHERE message.disposition = 'parked' AND message.reason_code <> 'dismissed';

INSERT INTO parked_event (message_id, seq, at, type, data)
SELECT parked.message_id, 1, message.settled_at, 'set-aside', jsonb_build_object(
  'inboxId', parked.inbox_id, 'to', parked.accountable_id, 'rung', 'front-desk', 'code', message.reason_code,
  'due', (extract(epoch FROM parked.due_at) * 1000000)::bigint)
FROM parked JOIN message ON message.id = parked.message_id;

UPDATE outbox SET body = body || jsonb_build_object(
  'asked', 'new', 'from', NULL, 'accountable', recipient_id, 'times', 1, 'code', 'unknown', 'due', NULL)
WHERE kind = 'parked' AND NOT body ? 'asked';
