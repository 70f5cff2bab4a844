-- When Baton only looked on: everything ran, and mail went to managers alone.
CREATE TABLE shadow_time (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  began_at TIMESTAMPTZ(6) NOT NULL,
  ended_at TIMESTAMPTZ(6),
  CONSTRAINT shadow_time_order CHECK (ended_at >= began_at)
);

-- However many processes start with it, one of these times runs.
CREATE UNIQUE INDEX shadow_time_running ON shadow_time ((true)) WHERE ended_at IS NULL;

-- What nobody was told since yesterday, for the summary of a manager.
CREATE INDEX outbox_shadow ON outbox (settled_at) WHERE outcome_code = 'shadow';
