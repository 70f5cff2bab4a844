-- A look back that a manager was mailed of, and the mails of those who waited then: ids alone, since their words are
-- those of messages. `request`: which of the look back's requests a mail belongs to, counted from 1.
CREATE TABLE look_back (
  id       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  inbox_id text NOT NULL REFERENCES inbox (id),
  until_at timestamptz(6) NOT NULL,
  made_at  timestamptz(6) NOT NULL
);
CREATE TABLE look_back_mail (
  look_back_id integer NOT NULL REFERENCES look_back (id),
  message_id   bigint NOT NULL REFERENCES message (id),
  request      integer NOT NULL CHECK (request > 0),
  PRIMARY KEY (look_back_id, message_id)
);
CREATE INDEX look_back_mail_message ON look_back_mail (message_id);

-- "take over" in answer to it.
ALTER TABLE token DROP CONSTRAINT token_purpose_check;
ALTER TABLE token ADD CONSTRAINT token_purpose_check CHECK (
  purpose IN ('request', 'customer', 'help', 'cover', 'parked', 'desk', 'list', 'look-back', 'outside'));
ALTER TABLE token DROP CONSTRAINT token_check1;
ALTER TABLE token ADD CONSTRAINT token_subject_check CHECK (
  (purpose IN ('customer', 'help', 'cover', 'parked', 'look-back', 'outside')) = (subject IS NOT NULL));
