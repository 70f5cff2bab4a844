-- Escalations that are not urgent wait for each other within the hour; urgent ones are paged as well as mailed.

ALTER TABLE outbox
  -- It is an escalation that may wait, or a bundle, which counts as one that went out.
  ADD COLUMN may_wait boolean NOT NULL DEFAULT false;
-- What a member was told of them within the hour, and what they have not been told yet.
CREATE INDEX outbox_may_wait ON outbox (recipient_id, settled_at) WHERE may_wait;

-- A page: the same as a mail of the outbox, by webhook. Goes out by itself, whatever becomes of the mail.
CREATE TABLE page (
  outbox_id   bigint PRIMARY KEY REFERENCES outbox DEFERRABLE INITIALLY DEFERRED,
  why         text NOT NULL,
  created_at  timestamptz(6) NOT NULL,
  due_at      timestamptz(6) NOT NULL,
  -- One worker at a time sends it.
  lease_until timestamptz(6) NULL,
  tries       integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
  state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'pointless', 'failed')),
  -- What the last try came to.
  code        text NULL,
  settled_at  timestamptz(6) NULL,
  CHECK ((state = 'waiting') = (settled_at IS NULL)),
  CHECK (settled_at IS NULL OR lease_until IS NULL)
);
CREATE INDEX page_due ON page (due_at) WHERE settled_at IS NULL;
-- What tells whether pages go out.
CREATE INDEX page_settled ON page (settled_at) WHERE settled_at IS NOT NULL;

ALTER TABLE outage DROP CONSTRAINT outage_kind_check;
ALTER TABLE outage ADD CONSTRAINT outage_kind_check
  CHECK (kind IN ('intake', 'reading', 'sending', 'canary', 'paging'));
