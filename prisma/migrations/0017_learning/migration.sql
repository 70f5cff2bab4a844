-- What is learned from, what was learned, and when that is done anew.

-- What was decided is a row beside the words of its mail, which it does not repeat: whatever takes those away, erasure
-- or time, takes it along. What an archive brought has its words itself.
CREATE TABLE example (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source          text NOT NULL CHECK (source IN ('decided', 'archive')),
  -- null: it belonged to none of them.
  category        text NULL,
  -- What says so: see domain/learning/decided.ts; of an archive, folder or label.
  why             text NOT NULL,
  -- When that was; of an archive, when the mail was written.
  decided_at      timestamptz(6) NOT NULL,
  added_at        timestamptz(6) NOT NULL,
  -- Of what was decided alone.
  conversation_id integer NULL UNIQUE REFERENCES conversation,
  message_id      bigint NULL UNIQUE REFERENCES message_words ON DELETE CASCADE,
  -- How its sender is known: proved, form, unproved, not-asked.
  sender_known    text NULL CHECK (sender_known IN ('proved', 'form', 'unproved', 'not-asked')),
  -- Of an archive alone.
  place           text NULL,
  sender          text NULL,
  content         jsonb NULL,
  content_hash    text NULL UNIQUE,
  CHECK ((source = 'decided') = (message_id IS NOT NULL AND conversation_id IS NOT NULL AND sender_known IS NOT NULL)),
  CHECK ((source = 'archive') = (place IS NOT NULL AND sender IS NOT NULL AND content IS NOT NULL
    AND content_hash IS NOT NULL))
);
CREATE INDEX example_archive ON example (id) WHERE source = 'archive';

-- What was learned. Versions before the one in use are kept for a while, as a way back.
CREATE TABLE model (
  version integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  made_at timestamptz(6) NOT NULL,
  seed    integer NOT NULL,
  -- Packed with zstd; `size` is what it takes in memory.
  bytes   bytea NOT NULL,
  size    integer NOT NULL CHECK (size > 0),
  active  boolean NOT NULL,
  -- Why it is in use, or why it is not.
  why     text NOT NULL,
  -- Counts, shares and categories; nobody's words.
  report  jsonb NOT NULL
);
-- Packed already.
ALTER TABLE model ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX model_active ON model (active) WHERE active;

-- When it is learned anew, and how far what was learned is trusted. One row, made when it is first needed.
CREATE TABLE learning (
  id             integer PRIMARY KEY CHECK (id = 1),
  train_at       timestamptz(6) NOT NULL,
  -- Whoever learns has it so long, and what comes later under an older number is refused.
  lease_until    timestamptz(6) NULL,
  fence          integer NOT NULL DEFAULT 0,
  -- All that was decided before is among the examples.
  gathered_until timestamptz(6) NULL,
  -- The categories and the allowance that were learned for, as a hash.
  learned_for    text NULL,
  -- What came of it the last time.
  outcome        text NULL,
  finished_at    timestamptz(6) NULL,
  -- Words were erased then that every model from before may have been made of.
  erased_at      timestamptz(6) NULL,
  -- What models before this one said is no evidence any more.
  judged_from    integer NOT NULL DEFAULT 0,
  -- Which choices it no longer makes because too many were wrong, since when and by which counts.
  lowered        jsonb NULL
);
