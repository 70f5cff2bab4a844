-- `status` counts which of the untaken are late without a look at the requests themselves, which are wide.
DROP INDEX conversation_unowned;
CREATE INDEX conversation_unowned ON conversation (inbox_id, unowned_since, id) INCLUDE (phase, epoch, due_at)
  WHERE phase IN ('arrived', 'offered');

-- What clocks asked people for: few among all questions, and weekly reports went through five weeks of events for them.
CREATE INDEX event_escalated ON event (at, conversation_id)
  WHERE type = 'offered' AND data ->> 'kind' <> 'offer' AND data ->> 'by' IS NULL;
