-- Mails that list requests: their reader answers with a number in front of each order, and the token says which mail
-- listed them, by the name under which the outbox has it.
ALTER TABLE token ADD COLUMN list text NULL;
ALTER TABLE token DROP CONSTRAINT token_purpose_check;
ALTER TABLE token ADD CONSTRAINT token_purpose_check
  CHECK (purpose IN ('request', 'customer', 'help', 'cover', 'parked', 'desk', 'list', 'outside'));
ALTER TABLE token ADD CHECK ((purpose = 'list') = (list IS NOT NULL));
-- Who is asked for help with what, for the list of what waits for somebody.
CREATE INDEX token_helper ON token (member_id, conversation_id) WHERE purpose = 'help';
