-- A customer is known by their address whatever its case, as everywhere else: phones capitalise the first letter. Only A
-- to Z are folded, so that no other letter makes a stranger somebody who is known.
DROP INDEX conversation_words_customer;
CREATE INDEX conversation_words_customer ON conversation_words USING hash (lower(customer_address COLLATE "C"));
