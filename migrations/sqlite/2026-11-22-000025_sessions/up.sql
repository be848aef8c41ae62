-- How many of its sessions somebody must have attended before the class is complete: NULL asks for none, 0 for all of them. `sessions`
-- counts those that were not cancelled, `sessions_cut_at` is when one was cancelled last.
ALTER TABLE class_runs ADD COLUMN sessions_needed BIGINT CHECK (sessions_needed >= 0);
ALTER TABLE class_runs ADD COLUMN sessions BIGINT NOT NULL DEFAULT 0;
ALTER TABLE class_runs ADD COLUMN sessions_cut_at TEXT;
-- Sessions attended by confirmed lists, since when they are enough, and since when a completion asks for a decision because they are not.
ALTER TABLE enrolments ADD COLUMN attended BIGINT NOT NULL DEFAULT 0;
ALTER TABLE enrolments ADD COLUMN attended_at TEXT;
ALTER TABLE enrolments ADD COLUMN short_since TEXT;
CREATE TABLE class_sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  run_id BIGINT NOT NULL REFERENCES class_runs (id),
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('in-person', 'live', 'both')),
  starts_at TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'held', 'cancelled')),
  created_at TEXT NOT NULL,
  created_by BIGINT REFERENCES people (id),
  UNIQUE (run_id, number),
  CHECK (ends_at > starts_at)
);
CREATE INDEX class_sessions_starts ON class_sessions (starts_at);
-- What became of a session, only ever added; the learners of the class up to the enrolment `told_to` were told.
CREATE TABLE class_session_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  session_id BIGINT NOT NULL REFERENCES class_sessions (id),
  kind TEXT NOT NULL CHECK (kind IN ('planned', 'changed', 'held', 'cancelled')),
  reason TEXT NOT NULL,
  details TEXT NOT NULL,
  by_id BIGINT REFERENCES people (id),
  recorded_at TEXT NOT NULL,
  told_to BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX class_session_events_session ON class_session_events (session_id, id);
-- Where a session is held (điểm cầu), and who keeps its list.
CREATE TABLE class_sites (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  session_id BIGINT NOT NULL REFERENCES class_sessions (id),
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  unit_id BIGINT NOT NULL REFERENCES units (id),
  place TEXT NOT NULL,
  link TEXT NOT NULL,
  keeper_id BIGINT NOT NULL REFERENCES people (id),
  removed_at TEXT,
  UNIQUE (session_id, number)
);
CREATE INDEX class_sites_keeper ON class_sites (keeper_id);
-- Where somebody sits, where it was chosen or given; the others sit with their unit.
CREATE TABLE class_seats (
  session_id BIGINT NOT NULL REFERENCES class_sessions (id),
  enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
  site_id BIGINT NOT NULL REFERENCES class_sites (id),
  chosen_at TEXT NOT NULL,
  chosen_by BIGINT REFERENCES people (id),
  PRIMARY KEY (session_id, enrolment_id)
);
-- The list of a site: written, submitted, confirmed by somebody else. A correction is another list.
CREATE TABLE attendance_lists (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES class_sites (id),
  state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'confirmed')),
  -- Why a confirmed list is corrected; empty for the first list.
  correction TEXT NOT NULL,
  is_imported BOOLEAN NOT NULL,
  file_id BIGINT REFERENCES files (id),
  entered_at TEXT NOT NULL,
  entered_by BIGINT NOT NULL REFERENCES people (id),
  submitted_at TEXT,
  submitted_by BIGINT REFERENCES people (id),
  -- Why it was given back to be put right; empty where it was not.
  returned TEXT NOT NULL,
  confirmed_at TEXT,
  confirmed_by BIGINT REFERENCES people (id),
  CHECK ((state = 'confirmed') = (confirmed_at IS NOT NULL)),
  CHECK ((state = 'draft') = (submitted_at IS NULL))
);
CREATE UNIQUE INDEX attendance_lists_open ON attendance_lists (site_id) WHERE state IN ('draft', 'submitted');
CREATE INDEX attendance_lists_site ON attendance_lists (site_id, id);
CREATE TABLE attendance_marks (
  list_id BIGINT NOT NULL REFERENCES attendance_lists (id),
  enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
  mark TEXT NOT NULL CHECK (mark IN ('present', 'late', 'absent')),
  PRIMARY KEY (list_id, enrolment_id)
);
-- Everybody who wrote into a list: none of them confirms it.
CREATE TABLE attendance_hands (
  list_id BIGINT NOT NULL REFERENCES attendance_lists (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  PRIMARY KEY (list_id, person_id)
);
-- Who attended, by confirmed lists, only ever added; the last one of a person and a session holds.
CREATE TABLE attendance_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  session_id BIGINT NOT NULL REFERENCES class_sessions (id),
  enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
  list_id BIGINT NOT NULL REFERENCES attendance_lists (id),
  mark TEXT NOT NULL CHECK (mark IN ('present', 'late', 'absent')),
  occurred_at TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  confirmed_by BIGINT NOT NULL REFERENCES people (id)
);
CREATE INDEX attendance_events_enrolment ON attendance_events (enrolment_id, session_id, id);
CREATE INDEX attendance_events_session ON attendance_events (session_id);
