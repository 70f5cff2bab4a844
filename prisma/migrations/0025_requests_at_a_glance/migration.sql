-- Lists of requests, a screen at a time, by index: for the board and for `baton requests`.

-- Whose a request is: who answers for it or, once it is done, who owned it. And since when nobody has said that it is
-- theirs (domain/digest/attention.ts, unownedSince). PostgreSQL makes both of the state itself, so that they cannot
-- differ from it, whatever version of Baton writes.
ALTER TABLE conversation
  ADD COLUMN whose text GENERATED ALWAYS AS (coalesce(snapshot ->> 'accountable', snapshot ->> 'owner')) STORED,
  ADD COLUMN unowned_since timestamptz(6) GENERATED ALWAYS AS (CASE WHEN phase IN ('arrived', 'offered') THEN
    to_timestamp(coalesce(CASE WHEN epoch > 1 THEN snapshot #>> '{offer,askedAt}' END, snapshot ->> 'openedAt')::bigint
      / 1000000.0) END) STORED;

-- In the order in which lists are read, with all that they are sifted and counted by: rows are looked up for what is
-- shown alone. A digest counts in the first too, so it takes the place of an index of its own.
CREATE INDEX conversation_listed ON conversation (inbox_id, phase, last_event_at, id)
  INCLUDE (whose, offered_to, category, attention, attention_since, unowned_since);
DROP INDEX conversation_owned;
CREATE INDEX conversation_whose ON conversation (whose, phase, last_event_at, id)
  INCLUDE (inbox_id, offered_to, category, attention, attention_since, unowned_since);
-- What nobody has taken, longest first: now by what a digest tells, instead of since when somebody answers for it.
DROP INDEX conversation_unowned;
CREATE INDEX conversation_unowned ON conversation (inbox_id, unowned_since, id) WHERE phase IN ('arrived', 'offered');

-- Of what has been wrong since the same instant a list shows some and goes on with the rest.
DROP INDEX conversation_attention;
CREATE INDEX conversation_attention ON conversation (inbox_id, attention, attention_since, id) WHERE attention IS NOT NULL;

-- Words of the subject and of the customer's name and address, in any language: each word, and what it begins with. Signs
-- that PostgreSQL would read as a host, a path or a tag part words. Bounded: a hostile mail's subject is as long as it likes.
CREATE INDEX conversation_words_search ON conversation_words USING gin (to_tsvector('simple', translate(
  left(subject, 500) || ' ' || left(customer_name, 200) || ' ' || left(customer_address, 300),
  '@.-_+/\:;<>&“”„‘’«»¿¡…–—、。，', repeat(' ', 27))));

-- Whose orders have come, and what the caps held back lately.
CREATE INDEX outbox_receipts ON outbox (recipient_id, created_at) WHERE kind = 'receipt';
CREATE INDEX outbox_dropped ON outbox (settled_at) WHERE state = 'dropped';
-- What went out within these hours, by inbox: how mail flows.
CREATE INDEX outbox_sent ON outbox (settled_at, inbox_id) WHERE state = 'sent';
-- What `baton status` counts without reading all mails and all questions.
CREATE INDEX message_parked ON message (id) WHERE disposition = 'parked';
CREATE INDEX offer_lapsed ON offer (conversation_id, closed_at) WHERE outcome = 'lapsed';
