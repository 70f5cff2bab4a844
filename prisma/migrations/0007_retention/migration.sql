-- What is no longer kept, and why: forgotten when its time was over, or erased because its person asked for it. A row
-- that says nothing of the kind and has no words has lost them, which verify reports.

-- 'raw': its bytes. 'redacted': its bytes, and somebody's address in its words. 'words': everything but this row.
-- 'erased': the same, because of a person.
ALTER TABLE message ADD COLUMN forgotten text NULL CHECK (forgotten IN ('raw', 'redacted', 'words', 'erased'));

ALTER TABLE message_words ALTER COLUMN raw DROP NOT NULL;
-- How the bytes lie there: as they came, looked at and left so, or packed. What is new is packed later, by the clock:
-- at intake it would cost the path of every mail.
ALTER TABLE message_words ADD COLUMN raw_form text NOT NULL DEFAULT 'new' CHECK (raw_form IN ('new', 'plain', 'zstd'));
ALTER TABLE outbox_words ADD COLUMN raw_form text NOT NULL DEFAULT 'new' CHECK (raw_form IN ('new', 'plain', 'zstd'));

ALTER TABLE outbox ADD COLUMN forgotten text NULL CHECK (forgotten IN ('words', 'erased'));
ALTER TABLE conversation_words ADD COLUMN forgotten text NULL CHECK (forgotten IN ('words', 'erased'));

-- Each erasure: ids and counts, and nothing of the person.
CREATE TABLE erasure (
  id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  erased_at timestamptz(6) NOT NULL,
  what      jsonb NOT NULL
);
