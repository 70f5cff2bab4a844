-- How an inbox logs in to its mail server where no password does: the tokens of its provider, sealed (AES-256-GCM) with a
-- key that is not in the database. No foreign key: somebody may sign in before Baton was ever started.
CREATE TABLE oauth_token (
  inbox_id       text PRIMARY KEY,
  -- Whom they were given to. Another client or account in the configuration cannot use them.
  identity       text NOT NULL,
  -- Which key they are sealed with; a changed one is told as such.
  key_id         text NOT NULL,
  refresh        bytea NULL,
  access         bytea NULL,
  access_until   timestamptz(6) NULL,
  renewed_at     timestamptz(6) NULL,
  -- When the refresh token ends, where the provider says so.
  refresh_until  timestamptz(6) NULL,
  -- Why the last attempt to renew failed and since when it does; null again with the next that ends well.
  failed_code    text NULL,
  failed_at      timestamptz(6) NULL,
  -- True when only a person can mend it.
  failed_for_good boolean NOT NULL DEFAULT false,
  failures       integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  -- Nobody asks the provider again before that.
  retry_at       timestamptz(6) NULL,
  CHECK ((access IS NULL) = (access_until IS NULL)),
  CHECK ((failed_code IS NULL) = (failed_at IS NULL))
);

ALTER TABLE outage DROP CONSTRAINT outage_kind_check;
ALTER TABLE outage ADD CONSTRAINT outage_kind_check
  CHECK (kind IN ('login', 'intake', 'reading', 'sending', 'canary', 'paging'));
