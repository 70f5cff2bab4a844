-- Which requests a member is asked to help with: a desk is read from this, and not from everybody's tokens.
CREATE INDEX token_help ON token (member_id) WHERE purpose = 'help';
