-- A digest counts what came, was finished and was opened again since yesterday. With a million open requests that took
-- seconds: the weekly report's BRIN helps only while rows lie in the order of their time, and of a day it reads too much.
CREATE INDEX event_turned ON event (at, conversation_id, type) WHERE type IN ('arrived', 'done', 'reopened');

-- Which requests were laid aside again and again is found without a look at the events themselves.
DROP INDEX event_laid_aside;
CREATE INDEX event_laid_aside ON event (at, conversation_id) WHERE type = 'snoozed';

CREATE INDEX outbox_not_counted ON outbox (created_at) WHERE kind = 'not-counted';

-- How many mails came since yesterday: of an order in the table the planner knows nothing, and read all of it.
DROP INDEX message_recent;
CREATE INDEX message_recent ON message (stored_at, mailbox_id, history);
