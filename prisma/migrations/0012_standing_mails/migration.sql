-- Mails that members get at their own hour, and what the digest of managers reads.

-- Each at most once for a member and a date of theirs, whatever clocks run and how they are set: whoever writes the row
-- sends the mail in the same transaction. Kept also where nothing had to be said.
CREATE TABLE standing_mail (
  member_id text NOT NULL REFERENCES member,
  kind      text NOT NULL CHECK (kind IN ('digest', 'morning-list', 'weekly-report')),
  -- The member's own date.
  date      date NOT NULL,
  -- What it tells is what was so then.
  at        timestamptz(6) NOT NULL,
  sent      boolean NOT NULL,
  PRIMARY KEY (member_id, kind, date)
);

-- The worst that a manager should look at in an open request, and since when: see domain/digest/attention.ts.
ALTER TABLE conversation
  ADD COLUMN attention integer NULL,
  ADD COLUMN attention_since timestamptz(6) NULL,
  ADD CHECK ((attention IS NULL) = (attention_since IS NULL));

UPDATE conversation c SET attention = worst.severity, attention_since = to_timestamp(worst.since / 1000000.0)
FROM conversation known CROSS JOIN LATERAL (
  SELECT severity, since FROM (VALUES
    (10, CASE WHEN known.snapshot ->> 'remindAt' IS NOT NULL AND known.snapshot ->> 'owner' IS NULL
       THEN CASE WHEN (known.snapshot ->> 'epoch')::int = 1 THEN (known.snapshot ->> 'openedAt')::bigint
         ELSE coalesce(known.snapshot #>> '{offer,askedAt}', known.snapshot ->> 'openedAt')::bigint END END),
    (20, CASE WHEN known.snapshot #>> '{answer,missed}' = 'true'
       THEN (known.snapshot #>> '{answer,promised}')::bigint END),
    (30, (known.snapshot #>> '{unreached,since}')::bigint),
    (40, CASE WHEN jsonb_array_length(known.snapshot -> 'held') > 0
       THEN (known.snapshot ->> 'lastEventAt')::bigint END),
    (70, CASE WHEN known.snapshot #>> '{due,told}' = 'true' THEN (known.snapshot #>> '{due,at}')::bigint END),
    (90, CASE WHEN known.phase = 'owned' THEN (known.snapshot #>> '{offer,askedAt}')::bigint END)
  ) AS found (severity, since) WHERE since IS NOT NULL ORDER BY severity, since LIMIT 1
) AS worst
WHERE known.id = c.id AND c.phase <> 'done';

-- A digest is read from these alone: what is wrong, worst first; what nobody took, longest first; who has how much and
-- is silent since when; who is asked how much.
CREATE INDEX conversation_attention ON conversation (inbox_id, attention, attention_since) WHERE attention IS NOT NULL;
CREATE INDEX conversation_unowned ON conversation (inbox_id, accountable_from) WHERE phase IN ('arrived', 'offered');
CREATE INDEX conversation_owned ON conversation (inbox_id, owner_id, last_event_at, id) WHERE phase = 'owned';
CREATE INDEX conversation_asked ON conversation (inbox_id, offered_to) WHERE offered_to IS NOT NULL;
CREATE INDEX event_laid_aside ON event (at) WHERE type = 'snoozed';
CREATE INDEX outbox_failed ON outbox (settled_at) WHERE state = 'failed' OR (state = 'dropped' AND outcome_code = 'bad-address');
-- What came and what happened since yesterday lies together, so that a few words for many pages are enough.
CREATE INDEX event_recent ON event USING brin (at) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX message_recent ON message USING brin (stored_at) WITH (pages_per_range = 16, autosummarize = on);
