-- The whole first schema. Words, names and addresses stand in the *_words tables and in "text" and may be erased;
-- everything else holds ids, codes and instants.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- ── The roster, as far as rows must point at it ─────────────────────────────────────────────────────────────────
CREATE TABLE inbox (
  id      text PRIMARY KEY,
  address text NOT NULL
);

CREATE TABLE member (
  id     text PRIMARY KEY,
  name   text NOT NULL,
  -- null while the member stands in the configuration; a member who leaves is never deleted.
  left_at timestamptz(6)
);

-- ── Mailboxes and messages ──────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE mailbox (
  id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  inbox_id      text NOT NULL REFERENCES inbox,
  folder        text NOT NULL,
  role          text NOT NULL CHECK (role IN ('inbox', 'sent')),
  -- Mail that the server received before this instant is history.
  start_from    timestamptz(6) NOT NULL,
  uid_validity  numeric(20) NULL,
  -- Every UID up to this one is committed.
  last_uid      bigint NOT NULL DEFAULT 0 CHECK (last_uid >= 0),
  -- When a poll last ended well: "mail flowing" is measured by it.
  polled_at     timestamptz(6) NULL,
  -- Which poller watches it, and until when if it says nothing more.
  lease_holder  text NULL,
  lease_until   timestamptz(6) NULL,
  -- Grows each time another poller takes over: what one of an earlier time still wants to write is refused.
  fence         bigint NOT NULL DEFAULT 0,
  UNIQUE (inbox_id, folder),
  CHECK ((lease_holder IS NULL) = (lease_until IS NULL))
);

CREATE TABLE conversation (
  id               integer GENERATED ALWAYS AS IDENTITY (START WITH 1001) PRIMARY KEY,
  inbox_id         text NOT NULL REFERENCES inbox,
  phase            text NOT NULL CHECK (phase IN ('arrived', 'offered', 'owned', 'done')),
  owner_id         text NULL REFERENCES member,
  offered_to       text NULL REFERENCES member,
  category         text NULL,
  priority         text NOT NULL CHECK (priority IN ('normal', 'urgent')),
  version          integer NOT NULL CHECK (version > 0),
  epoch            integer NOT NULL CHECK (epoch > 0),
  opened_at        timestamptz(6) NOT NULL,
  last_event_at    timestamptz(6) NOT NULL,
  -- The next instant that matters to a clock; null when none runs.
  due_at           timestamptz(6) NULL,
  -- The ledger row that is open now.
  accountable_from timestamptz(6) NOT NULL,
  -- The state as evolve made it; verify rebuilds it from the events.
  snapshot         jsonb NOT NULL,
  CHECK (phase <> 'owned' OR owner_id IS NOT NULL),
  CHECK (phase <> 'offered' OR (offered_to IS NOT NULL AND owner_id IS NULL))
);
CREATE INDEX conversation_due ON conversation (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX conversation_unrouted ON conversation (last_event_at) WHERE phase = 'arrived';
CREATE INDEX conversation_owner ON conversation (owner_id) WHERE phase = 'owned';
CREATE INDEX conversation_offered ON conversation (offered_to) WHERE offered_to IS NOT NULL;

CREATE TABLE conversation_words (
  conversation_id  integer PRIMARY KEY REFERENCES conversation,
  subject          text NOT NULL,
  customer_name    text NOT NULL,
  customer_address text NOT NULL
);
-- By hash: addresses are as long as a hostile mail makes them, and a B-tree refuses long keys.
CREATE INDEX conversation_words_customer ON conversation_words USING hash (customer_address);

CREATE TABLE message (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  mailbox_id      integer NOT NULL REFERENCES mailbox,
  uid_validity    numeric(20) NOT NULL,
  uid             bigint NOT NULL,
  stored_at       timestamptz(6) NOT NULL,
  -- IMAP INTERNALDATE.
  received_at     timestamptz(6) NOT NULL,
  size            bigint NOT NULL,
  -- SHA-256 of the raw bytes; null when only the headers were taken in.
  raw_hash        text NULL,
  -- SHA-256 over Message-ID, From, Date and the decoded body: the same mail whatever carried it here.
  content_hash    text NULL,
  -- SHA-256 of the Message-ID.
  message_id_hash text NULL,
  history         boolean NOT NULL,
  stage           text NOT NULL CHECK (stage IN ('stored', 'replying', 'settled')),
  -- Tries of its present stage, counted before each: a mail that kills its reader is parked, not tried for ever.
  tries           integer NOT NULL DEFAULT 0,
  -- When somebody last began on it: two who are rung at once make one try.
  tried_at        timestamptz(6) NULL,
  disposition     text NULL CHECK (disposition IN (
    'request', 'follow-up', 'teammate-reply', 'teammate-note', 'command', 'command-refused', 'bounce',
    'auto-reply', 'report', 'bulk', 'duplicate', 'own', 'history', 'parked')),
  reason_code     text NULL,
  reason          text NULL,
  kind            text NULL,
  conversation_id integer NULL REFERENCES conversation,
  copy_of         bigint NULL REFERENCES message,
  -- The member whom the sender was recognised as, by address alone.
  member_id       text NULL REFERENCES member,
  -- The token that a member's reply came with; its rights are looked up when the reply is carried out.
  token_hash      text NULL,
  settled_at      timestamptz(6) NULL,
  UNIQUE (mailbox_id, uid_validity, uid),
  CHECK ((stage = 'settled') = (disposition IS NOT NULL)),
  CHECK ((stage = 'settled') = (settled_at IS NOT NULL)),
  CHECK (disposition NOT IN ('request', 'follow-up') OR conversation_id IS NOT NULL),
  CHECK (disposition IS NULL OR (reason_code IS NOT NULL AND reason IS NOT NULL))
);
CREATE INDEX message_unsettled ON message (id) WHERE stage <> 'settled';
CREATE INDEX message_conversation ON message (conversation_id, id);
CREATE INDEX message_raw_hash ON message (raw_hash);
-- With the id, so that "the first with this content" is one look and not a search through all messages in order.
CREATE INDEX message_content_hash ON message (content_hash, id);
-- Each Message-ID acts once, however often it is delivered and in whatever disguise.
CREATE UNIQUE INDEX message_acts_once ON message (message_id_hash) WHERE disposition = 'command';

CREATE TABLE message_words (
  message_id bigint PRIMARY KEY REFERENCES message,
  raw        bytea NOT NULL,
  -- The mail as parsed, without its headers; null until it was read.
  mail       jsonb NULL
);
-- Mail is mostly compressed already, and compressing it costs the intake a third of its speed.
ALTER TABLE message_words ALTER COLUMN raw SET STORAGE EXTERNAL;

-- Message-IDs by which later mail finds its conversation: each message's own and those that it refers to.
CREATE TABLE thread_key (
  inbox_id   text NOT NULL REFERENCES inbox,
  key        text NOT NULL,
  message_id bigint NOT NULL REFERENCES message,
  own        boolean NOT NULL,
  PRIMARY KEY (inbox_id, key, message_id)
);

-- ── What happened, and who answered for it when ─────────────────────────────────────────────────────────────────
CREATE TABLE event (
  conversation_id integer NOT NULL REFERENCES conversation DEFERRABLE INITIALLY DEFERRED,
  seq             integer NOT NULL CHECK (seq > 0),
  at              timestamptz(6) NOT NULL,
  type            text NOT NULL,
  data            jsonb NOT NULL,
  PRIMARY KEY (conversation_id, seq),
  UNIQUE (conversation_id, at)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One row per span in which one member answered for a conversation. The rows of a conversation tile time: each
-- ends where the next begins, the last is open. While a conversation is done its open row is an end marker.
CREATE TABLE ledger (
  conversation_id integer NOT NULL REFERENCES conversation DEFERRABLE INITIALLY DEFERRED,
  from_at         timestamptz(6) NOT NULL,
  until_at        timestamptz(6) NULL,
  member_id       text NULL REFERENCES member,
  ended           boolean NOT NULL,
  seq             integer NOT NULL,
  PRIMARY KEY (conversation_id, from_at),
  CHECK (until_at > from_at),
  CHECK (ended = (member_id IS NULL)),
  UNIQUE (conversation_id, until_at),
  FOREIGN KEY (conversation_id, until_at) REFERENCES ledger (conversation_id, from_at) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (conversation_id, seq) REFERENCES event (conversation_id, seq) DEFERRABLE INITIALLY DEFERRED,
  EXCLUDE USING gist (conversation_id WITH =, tstzrange(from_at, until_at) WITH &&)
);
CREATE UNIQUE INDEX ledger_open ON ledger (conversation_id) WHERE until_at IS NULL;
CREATE INDEX ledger_member ON ledger (member_id) WHERE until_at IS NULL;

ALTER TABLE conversation ADD CONSTRAINT conversation_accountable
  FOREIGN KEY (id, accountable_from) REFERENCES ledger (conversation_id, from_at) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE offer (
  conversation_id integer NOT NULL,
  seq             integer NOT NULL,
  to_id           text NOT NULL REFERENCES member,
  by_id           text NULL REFERENCES member,
  kind            text NOT NULL CHECK (kind IN ('offer', 'handoff', 'escalation')),
  rung            integer NOT NULL CHECK (rung >= 0),
  asked_at        timestamptz(6) NOT NULL,
  accept_by       timestamptz(6) NULL,
  closed_at       timestamptz(6) NULL CHECK (closed_at > asked_at),
  outcome         text NULL CHECK (outcome IN (
    'accepted', 'declined', 'lapsed', 'withdrawn', 'unreachable')),
  PRIMARY KEY (conversation_id, seq),
  FOREIGN KEY (conversation_id, seq) REFERENCES event (conversation_id, seq) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((closed_at IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX offer_open ON offer (conversation_id) WHERE closed_at IS NULL;
CREATE INDEX offer_recent ON offer (to_id, asked_at);

-- What members wrote to Baton: notes, reasons, answers to customers. Erasable.
CREATE TABLE text (
  id              uuid PRIMARY KEY,
  conversation_id integer NULL REFERENCES conversation DEFERRABLE INITIALLY DEFERRED,
  message_id      bigint NULL REFERENCES message,
  author_id       text NOT NULL REFERENCES member,
  body            text NOT NULL
);
CREATE INDEX text_conversation ON text (conversation_id);

-- ── Mail out ────────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE outbox (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- One event and recipient have one notice.
  dedupe_key      text NOT NULL UNIQUE,
  -- 26 characters of a keyed hash of dedupe_key: the left half of its Message-ID, and its bounce address.
  key             text NOT NULL UNIQUE,
  inbox_id        text NOT NULL REFERENCES inbox,
  conversation_id integer NULL REFERENCES conversation DEFERRABLE INITIALLY DEFERRED,
  seq             integer NULL,
  kind            text NOT NULL,
  recipient_id    text NULL REFERENCES member,
  body            jsonb NOT NULL,
  shown           bigint NULL,
  epoch           integer NOT NULL,
  created_at      timestamptz(6) NOT NULL,
  state           text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'dropped')),
  due_at          timestamptz(6) NOT NULL,
  lease_until     timestamptz(6) NULL,
  attempts        integer NOT NULL DEFAULT 0,
  -- How often a mailer took it: one that cannot be made into a mail is not taken for ever.
  claims          integer NOT NULL DEFAULT 0,
  settled_at      timestamptz(6) NULL,
  outcome_code    text NULL,
  FOREIGN KEY (conversation_id, seq) REFERENCES event (conversation_id, seq) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
  CHECK ((state IN ('sent', 'failed', 'dropped')) = (settled_at IS NOT NULL))
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'pending';
CREATE INDEX outbox_leased ON outbox (lease_until) WHERE state = 'sending';
CREATE INDEX outbox_conversation ON outbox (conversation_id, seq);

-- The bytes that went out, made once and sent again unchanged. Erasable.
CREATE TABLE outbox_words (
  outbox_id bigint PRIMARY KEY REFERENCES outbox,
  recipient text NOT NULL,
  raw       bytea NOT NULL
);
ALTER TABLE outbox_words ALTER COLUMN raw SET STORAGE EXTERNAL;

-- Written before the server is spoken to; outcome null: the process died and nobody knows.
CREATE TABLE attempt (
  outbox_id   bigint NOT NULL REFERENCES outbox,
  number      integer NOT NULL CHECK (number > 0),
  started_at  timestamptz(6) NOT NULL,
  finished_at timestamptz(6) NULL,
  outcome     text NULL CHECK (outcome IN ('accepted', 'temporary', 'permanent', 'unknown')),
  code        text NULL,
  PRIMARY KEY (outbox_id, number),
  CHECK ((outcome IS NULL) = (finished_at IS NULL))
);

-- Who may answer for whom. The token itself is derived when a mail is sent; only its hash is kept.
CREATE TABLE token (
  hash            text PRIMARY KEY,
  member_id       text NOT NULL REFERENCES member,
  conversation_id integer NULL REFERENCES conversation DEFERRABLE INITIALLY DEFERRED,
  epoch           integer NOT NULL,
  -- The last customer message that the member was shown with it.
  shown           bigint NULL,
  expires_at      timestamptz(6) NOT NULL
);
CREATE INDEX token_conversation ON token (conversation_id);
