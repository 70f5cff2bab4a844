-- What members can say by mail beyond taking and finishing: helpers and people outside, absences told by mail, and
-- tokens that say what they are for.

-- Somebody outside the team who helps with a request or gets copies. Erasable.
CREATE TABLE contact (
  id              uuid PRIMARY KEY,
  conversation_id integer NOT NULL REFERENCES conversation DEFERRABLE INITIALLY DEFERRED,
  name            text NOT NULL,
  address         text NOT NULL
);
CREATE INDEX contact_conversation ON contact (conversation_id);

-- A time away that a member, or a manager for them, told us of by mail.
CREATE TABLE absence (
  id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member_id    text NOT NULL REFERENCES member,
  from_at      timestamptz(6) NOT NULL,
  until_at     timestamptz(6) NOT NULL,
  cover_id     text NULL REFERENCES member,
  -- What the cover said: nobody stands in without having agreed.
  cover_answer text NULL CHECK (cover_answer IN ('asked', 'agreed', 'declined')),
  by_id        text NOT NULL REFERENCES member,
  -- When it was taken back.
  ended_at     timestamptz(6) NULL,
  CHECK (until_at > from_at),
  CHECK (cover_id <> member_id),
  CHECK ((cover_id IS NULL) = (cover_answer IS NULL))
);
CREATE INDEX absence_until ON absence (until_at) WHERE ended_at IS NULL;

-- Tokens: what an answer is about. `outside` is the answer of a helper who is no member.
ALTER TABLE token ALTER COLUMN member_id DROP NOT NULL;
ALTER TABLE token ADD COLUMN purpose text NOT NULL DEFAULT 'request'
  CHECK (purpose IN ('request', 'customer', 'help', 'cover', 'parked', 'desk', 'outside'));
ALTER TABLE token ALTER COLUMN purpose DROP DEFAULT;
ALTER TABLE token ADD COLUMN subject bigint NULL;
-- The event with which our side had last answered the customer when the token was made.
ALTER TABLE token ADD COLUMN answered integer NOT NULL DEFAULT 0;
ALTER TABLE token ALTER COLUMN answered DROP DEFAULT;
ALTER TABLE token ADD CHECK ((purpose = 'outside') = (member_id IS NULL));
ALTER TABLE token ADD CHECK ((purpose IN ('customer', 'help', 'cover', 'parked', 'outside')) = (subject IS NOT NULL));

ALTER TABLE outbox ADD COLUMN contact_id uuid NULL REFERENCES contact;
ALTER TABLE outbox ADD COLUMN answered integer NOT NULL DEFAULT 0;
ALTER TABLE outbox ALTER COLUMN answered DROP DEFAULT;
ALTER TABLE outbox ADD CHECK (recipient_id IS NULL OR contact_id IS NULL);
-- What a member's answer may quote: the mails that they were sent about a request, or about none.
CREATE INDEX outbox_recipient ON outbox (recipient_id, conversation_id, id);
