-- A report: what was asked for, how far its making is, and what it says once it is made.
CREATE TABLE reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  owner_id BIGINT NOT NULL REFERENCES people (id),
  -- Whose figures: a unit and what lies under it, or the whole country.
  unit_id BIGINT REFERENCES units (id),
  -- Whoever asked for it sees the whole country, so it may hold what the unit itself does not see.
  is_national BOOLEAN NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('month', 'quarter', 'half-year', 'year', 'other')),
  period_from DATE NOT NULL,
  period_to DATE NOT NULL,
  known_at TEXT NOT NULL,
  seal_id BIGINT REFERENCES seals (id),
  has_names BOOLEAN NOT NULL,
  -- The rest of what was asked for, and the text that a person wrote, as JSON.
  request TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'building', 'done', 'failed')),
  done BIGINT NOT NULL CHECK (done >= 0),
  total BIGINT NOT NULL CHECK (total >= 0),
  -- Why it failed: a message and what is inserted into it.
  fault TEXT,
  fault_detail TEXT,
  -- What it says, as JSON; all files are made from this.
  body TEXT,
  created_at TEXT NOT NULL,
  finished_at TEXT,
  CHECK (period_to >= period_from),
  CHECK (unit_id IS NOT NULL OR is_national),
  CHECK ((state = 'done') = (body IS NOT NULL)),
  CHECK ((state = 'failed') = (fault IS NOT NULL))
);
CREATE INDEX reports_unit ON reports (unit_id, id);
CREATE INDEX reports_seal ON reports (seal_id);
-- The files of a report that is done.
CREATE TABLE report_files (
  report_id BIGINT NOT NULL REFERENCES reports (id),
  kind TEXT NOT NULL CHECK (kind IN ('pdf', 'xlsx', 'csv', 'json', 'names-xlsx', 'names-csv')),
  file_id BIGINT NOT NULL REFERENCES files (id),
  PRIMARY KEY (report_id, kind)
);
