-- The board: links that sign in, sessions, and what members ordered there.

-- Each link that was mailed to a member. Hashes only: what is read here opens nothing.
CREATE TABLE sign_in (
  id         uuid PRIMARY KEY,
  -- Of what the link says.
  token_hash text NOT NULL UNIQUE CHECK (token_hash ~ '^[0-9a-f]{64}$'),
  member_id  text NOT NULL REFERENCES member,
  -- Of what the browser holds that asked: the link opens nothing in another.
  browser    text NOT NULL CHECK (browser ~ '^[0-9a-f]{64}$'),
  -- A keyed name of the network that it was asked for from.
  visitor    text NOT NULL,
  -- The network address itself, which the mail tells its reader.
  asked_from text NOT NULL,
  asked_at   timestamptz(6) NOT NULL,
  expires_at timestamptz(6) NOT NULL CHECK (expires_at > asked_at),
  used_at    timestamptz(6) NULL CHECK (used_at < expires_at)
);
CREATE INDEX sign_in_asked ON sign_in (asked_at);
CREATE INDEX sign_in_member ON sign_in (member_id, asked_at);

-- What a member ordered on the board, as a mail of theirs stands in message. Ids and codes, never anybody's words.
CREATE TABLE board_order (
  id              uuid PRIMARY KEY,
  member_id       text NOT NULL REFERENCES member,
  conversation_id integer NULL REFERENCES conversation DEFERRABLE INITIALLY DEFERRED,
  -- The mail that could not be read, when it was about one.
  message_id      bigint NULL REFERENCES message,
  at              timestamptz(6) NOT NULL,
  verb            text NOT NULL,
  carried_out     boolean NOT NULL,
  -- Of what stands in each form once: a form that is sent twice acts once.
  form            text NOT NULL UNIQUE CHECK (form ~ '^[0-9a-f]{64}$'),
  -- What its receipt says.
  receipt         jsonb NOT NULL
);
CREATE INDEX board_order_conversation ON board_order (conversation_id, member_id);

CREATE TABLE board_session (
  -- Of what the browser holds.
  hash      text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
  member_id text NOT NULL REFERENCES member,
  begun_at  timestamptz(6) NOT NULL,
  seen_at   timestamptz(6) NOT NULL,
  -- The order of which the next page tells what came of it.
  told      uuid NULL REFERENCES board_order
);
CREATE INDEX board_session_member ON board_session (member_id);
