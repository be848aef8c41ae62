CREATE TABLE people (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  family_names TEXT NOT NULL,
  given_name TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  folded TEXT NOT NULL,
  birth_year INTEGER,
  email TEXT UNIQUE,
  phone TEXT UNIQUE,
  user_name TEXT UNIQUE,
  password_hash TEXT,
  locale TEXT NOT NULL DEFAULT 'vi',
  state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('invited', 'active', 'disabled')),
  created_at TEXT NOT NULL,
  created_by BIGINT
);
CREATE INDEX people_sort ON people (sort_key, id);
CREATE TABLE memberships (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  person_id BIGINT NOT NULL REFERENCES people (id),
  unit_id BIGINT NOT NULL REFERENCES units (id),
  position TEXT NOT NULL,
  category TEXT NOT NULL CHECK (category IN ('leaders', 'technology', 'other')),
  valid_from DATE NOT NULL,
  valid_to DATE,
  recorded_at TEXT NOT NULL,
  recorded_by BIGINT,
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE INDEX memberships_person ON memberships (person_id, valid_from);
CREATE INDEX memberships_unit ON memberships (unit_id);
CREATE TABLE role_grants (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  person_id BIGINT NOT NULL REFERENCES people (id),
  role TEXT NOT NULL,
  unit_id BIGINT REFERENCES units (id),
  granted_at TEXT NOT NULL,
  granted_by BIGINT,
  ended_at TEXT,
  ended_by BIGINT
);
CREATE INDEX role_grants_person ON role_grants (person_id);
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  person_id BIGINT NOT NULL REFERENCES people (id),
  created_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  ended_at TEXT,
  address TEXT NOT NULL,
  agent TEXT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person_id, created_at);
-- Failures at every door (password, one-time link); the keys are hashed.
CREATE TABLE sign_in_failures (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  account_key TEXT NOT NULL,
  address_key TEXT NOT NULL,
  at TEXT NOT NULL
);
CREATE INDEX sign_in_failures_account ON sign_in_failures (account_key, at);
CREATE INDEX sign_in_failures_address ON sign_in_failures (address_key, at);
CREATE TABLE one_time_links (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  purpose TEXT NOT NULL CHECK (purpose IN ('sign-in', 'reset', 'invitation', 'slip')),
  person_id BIGINT NOT NULL REFERENCES people (id),
  created_at TEXT NOT NULL,
  created_by BIGINT,
  expires_at TEXT NOT NULL,
  used_at TEXT
);
CREATE INDEX one_time_links_person ON one_time_links (person_id);
