CREATE TABLE settings (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
-- Work to be done outside a request. A row is written in the transaction of its cause.
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'running', 'done', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  run_at TEXT NOT NULL,
  locked_until TEXT,
  last_error TEXT,
  unique_key TEXT,
  created_at TEXT NOT NULL,
  finished_at TEXT
);
CREATE INDEX jobs_due ON jobs (state, run_at, id);
-- At most one unfinished job of a unique key.
CREATE UNIQUE INDEX jobs_unique_key ON jobs (unique_key) WHERE unique_key IS NOT NULL AND state IN ('ready', 'running');
CREATE TABLE files (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL CHECK (size >= 0),
  sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  created_by BIGINT,
  created_at TEXT NOT NULL
);
-- Who did what to what. Never updated, never deleted; audit_seals chains it.
CREATE TABLE audit_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  at TEXT NOT NULL,
  actor_id BIGINT,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  unit_id BIGINT,
  address TEXT,
  request_id TEXT,
  before_state TEXT,
  after_state TEXT,
  reason TEXT
);
CREATE INDEX audit_events_object ON audit_events (object_kind, object_id, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, id);
CREATE TABLE audit_seals (
  position BIGINT NOT NULL PRIMARY KEY,
  event_id BIGINT NOT NULL UNIQUE REFERENCES audit_events (id),
  hash TEXT NOT NULL
);
