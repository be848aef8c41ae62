CREATE TABLE class_runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  course_id BIGINT NOT NULL REFERENCES courses (id),
  version_id BIGINT NOT NULL REFERENCES course_versions (id),
  unit_id BIGINT NOT NULL REFERENCES units (id),
  title TEXT NOT NULL,
  opens_at TEXT NOT NULL,
  closes_at TEXT NOT NULL,
  capacity BIGINT,
  taken BIGINT NOT NULL DEFAULT 0,
  enrolment TEXT NOT NULL CHECK (enrolment IN ('open', 'code', 'list')),
  access_code TEXT,
  decision TEXT,
  created_at TEXT NOT NULL,
  created_by BIGINT,
  CHECK (taken >= 0 AND (capacity IS NULL OR taken <= capacity)),
  CHECK (closes_at > opens_at)
);
CREATE INDEX class_runs_course ON class_runs (course_id, opens_at);
CREATE INDEX class_runs_unit ON class_runs (unit_id);
CREATE TABLE class_files (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  run_id BIGINT NOT NULL REFERENCES class_runs (id),
  file_id BIGINT NOT NULL REFERENCES files (id),
  title TEXT NOT NULL,
  added_at TEXT NOT NULL,
  added_by BIGINT NOT NULL,
  removed_at TEXT
);
CREATE INDEX class_files_run ON class_files (run_id);
-- unit_id, position and category are the frozen facts: as at the start of the run, or at enrolling if it had started.
CREATE TABLE enrolments (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  run_id BIGINT NOT NULL REFERENCES class_runs (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  state TEXT NOT NULL CHECK (state IN ('active', 'withdrawn')),
  enrolled_at TEXT NOT NULL,
  enrolled_by BIGINT,
  unit_id BIGINT NOT NULL REFERENCES units (id),
  position TEXT NOT NULL,
  category TEXT NOT NULL,
  frozen_at TEXT,
  completed_at TEXT,
  UNIQUE (run_id, person_id)
);
CREATE INDEX enrolments_person ON enrolments (person_id);
CREATE INDEX enrolments_unit ON enrolments (unit_id);
CREATE INDEX enrolments_unfrozen ON enrolments (run_id) WHERE frozen_at IS NULL;
CREATE TABLE lesson_progress (
  enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
  lesson_key TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  completed_at TEXT,
  PRIMARY KEY (enrolment_id, lesson_key)
);
CREATE TABLE check_answers (
  enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
  item_key TEXT NOT NULL,
  answer TEXT NOT NULL,
  is_correct BOOLEAN NOT NULL,
  answered_at TEXT NOT NULL,
  PRIMARY KEY (enrolment_id, item_key)
);
-- What happened to a completion. Append-only: a correction is a new row that names the first in completion_id.
CREATE TABLE completion_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('completed', 'accepted', 'voided')),
  completion_id BIGINT REFERENCES completion_events (id),
  enrolment_id BIGINT REFERENCES enrolments (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  course_id BIGINT NOT NULL REFERENCES courses (id),
  version_id BIGINT REFERENCES course_versions (id),
  run_id BIGINT REFERENCES class_runs (id),
  organiser_id BIGINT NOT NULL REFERENCES units (id),
  unit_id BIGINT NOT NULL REFERENCES units (id),
  position TEXT NOT NULL,
  category TEXT NOT NULL,
  is_flagged BOOLEAN NOT NULL,
  occurred_at TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  actor_id BIGINT,
  reason TEXT,
  CHECK ((kind = 'completed') = (completion_id IS NULL))
);
CREATE UNIQUE INDEX completion_events_once ON completion_events (enrolment_id) WHERE kind = 'completed' AND enrolment_id IS NOT NULL;
CREATE UNIQUE INDEX completion_events_change ON completion_events (completion_id, kind) WHERE completion_id IS NOT NULL;
CREATE INDEX completion_events_person ON completion_events (person_id, course_id);
CREATE INDEX completion_events_occurred ON completion_events (course_id, occurred_at);
