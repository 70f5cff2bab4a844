-- Whoever owns a request has a clock of their own. What is owned already is looked at once, and the clock begins with that.
UPDATE conversation SET due_at = least(due_at, last_event_at) WHERE phase = 'owned' AND offered_to IS NULL;

-- What is urgent is looked at first; the rest is found by conversation_due.
CREATE INDEX conversation_due_urgent ON conversation (due_at) WHERE priority = 'urgent' AND due_at IS NOT NULL;
