-- Tokens of other programs. A token stands on the role of the person who made it and falls with that role.
CREATE TABLE api_tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  -- Its last letters, by which its owner knows it again.
  hint TEXT NOT NULL,
  name TEXT NOT NULL,
  grant_id BIGINT NOT NULL REFERENCES role_grants (id),
  -- Without a unit: the whole country.
  unit_id BIGINT REFERENCES units (id),
  -- Names joined by commas.
  resources TEXT NOT NULL,
  created_at TEXT NOT NULL,
  created_by BIGINT NOT NULL REFERENCES people (id),
  expires_at TEXT NOT NULL,
  last_used_on DATE,
  revoked_at TEXT,
  revoked_by BIGINT REFERENCES people (id),
  CHECK (expires_at > created_at)
);
CREATE INDEX api_tokens_owner ON api_tokens (created_by, id);
