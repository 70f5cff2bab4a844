-- Words of a mail that spoke for what a model made of it: its customer's, so they stand with the request's other words
-- and go with them. Null: none, or no longer kept.
ALTER TABLE conversation_words ADD COLUMN because text[] NULL;
ALTER TABLE conversation_words ADD CHECK (forgotten IS NULL OR because IS NULL);
