-- What is known about each mailbox besides its mail, who was told of an outage, and the mails that we send ourselves to
-- see that mail goes round.

ALTER TABLE mailbox
  -- Why it cannot be read and since when; null again with the next poll that ends well.
  ADD COLUMN trouble_code  text NULL,
  ADD COLUMN trouble_at    timestamptz(6) NULL,
  -- When its UIDs were last compared with the rows.
  ADD COLUMN reconciled_at timestamptz(6) NULL,
  -- Mails on the server that still had no row after that; rows whose mail was gone from the server by then.
  ADD COLUMN missing       bigint NOT NULL DEFAULT 0 CHECK (missing >= 0),
  ADD COLUMN gone          bigint NOT NULL DEFAULT 0 CHECK (gone >= 0),
  -- Of all time: mails that were taken in because the comparison found them.
  ADD COLUMN repaired      bigint NOT NULL DEFAULT 0 CHECK (repaired >= 0),
  -- The spam folder, and how many mails it holds that came since start_from; null where there is none.
  ADD COLUMN junk_folder   text NULL,
  ADD COLUMN junk          bigint NULL CHECK (junk >= 0),
  ADD CHECK ((trouble_code IS NULL) = (trouble_at IS NULL)),
  ADD CHECK ((junk_folder IS NULL) = (junk IS NULL));

-- Something that stopped mail from coming in or going out, from when it began to when it was over. Kept, so that it can
-- be told afterwards when mail did not flow.
CREATE TABLE outage (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('intake', 'reading', 'sending', 'canary')),
  inbox_id   text NOT NULL REFERENCES inbox,
  since      timestamptz(6) NOT NULL,
  -- When a clock first saw it: what a Baton that was switched off left behind is not told in its first minute.
  seen_at    timestamptz(6) NOT NULL,
  code       text NULL,
  ended_at   timestamptz(6) NULL,
  -- When somebody was last told of it, and whether they know that it is over.
  told_at    timestamptz(6) NULL,
  told_over  boolean NOT NULL DEFAULT false,
  -- One clock at a time tells of it.
  claimed_until timestamptz(6) NULL,
  CHECK (ended_at IS NOT NULL OR NOT told_over)
);
CREATE UNIQUE INDEX outage_open ON outage (kind, inbox_id) WHERE ended_at IS NULL;
-- What the look of every few seconds goes through: whatever has not been told to its end.
CREATE INDEX outage_untold ON outage (id) WHERE ended_at IS NULL OR (told_at IS NOT NULL AND NOT told_over);

-- A mail that an inbox sends to itself.
CREATE TABLE canary (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  inbox_id   text NOT NULL REFERENCES inbox,
  -- Which of the times on its schedule it is for: one is sent for each, however many clocks run.
  turn       bigint NOT NULL,
  sent_at    timestamptz(6) NOT NULL,
  -- Under which it is found when it is back, see thread_key.
  key        text NOT NULL,
  -- What the server said when it was handed over; null: nobody knows.
  code       text NULL,
  arrived_at timestamptz(6) NULL,
  UNIQUE (inbox_id, turn)
);
