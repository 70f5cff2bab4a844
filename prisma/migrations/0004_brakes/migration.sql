-- What the brakes count: each automatic mail to somebody outside, with its latest try. Kept for as long as the longest
-- span that is counted. Recipients and words are keyed hashes, so nothing here can be read.
CREATE TABLE automatic_mail (
  outbox_id       bigint PRIMARY KEY REFERENCES outbox ON DELETE CASCADE,
  recipient       text NOT NULL,
  conversation_id integer NULL,
  proved          boolean NOT NULL,
  words           text NULL,
  form            text NULL,
  at              timestamptz(6) NOT NULL,
  CHECK ((words IS NULL) = (form IS NULL))
);
CREATE INDEX automatic_mail_recipient ON automatic_mail (recipient, at);
CREATE INDEX automatic_mail_conversation ON automatic_mail (conversation_id, at) WHERE conversation_id IS NOT NULL;
CREATE INDEX automatic_mail_unproved ON automatic_mail (at) WHERE NOT proved;
CREATE INDEX automatic_mail_at ON automatic_mail (at);

-- How much one member was sent lately, whatever it is about.
CREATE INDEX outbox_recent ON outbox (recipient_id, created_at) WHERE recipient_id IS NOT NULL;
