-- Mails to a member that came too fast go out together: what a bundle holds is settled with it.
ALTER TABLE outbox DROP CONSTRAINT outbox_state_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_state_check
  CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'dropped', 'bundled'));
ALTER TABLE outbox DROP CONSTRAINT outbox_check1;
ALTER TABLE outbox ADD CONSTRAINT outbox_settled_check
  CHECK ((state IN ('sent', 'failed', 'dropped', 'bundled')) = (settled_at IS NOT NULL));
-- How many mails a member was sent within the last hour.
CREATE INDEX outbox_sent_to ON outbox (recipient_id, settled_at) WHERE state = 'sent' AND recipient_id IS NOT NULL;
