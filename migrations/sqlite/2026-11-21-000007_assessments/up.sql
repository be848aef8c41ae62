CREATE TABLE attempts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
  version_id BIGINT NOT NULL REFERENCES course_versions (id),
  assessment_key TEXT NOT NULL,
  number INTEGER NOT NULL,
  paper TEXT NOT NULL,
  started_at TEXT NOT NULL,
  deadline_at TEXT NOT NULL,
  submitted_at TEXT,
  submitted_by TEXT CHECK (submitted_by IN ('learner', 'deadline')),
  points_permille INTEGER,
  is_passed BOOLEAN,
  UNIQUE (enrolment_id, assessment_key, number),
  CHECK ((submitted_at IS NULL) = (is_passed IS NULL))
);
-- At most one running attempt at a time.
CREATE UNIQUE INDEX attempts_running ON attempts (enrolment_id, assessment_key) WHERE submitted_at IS NULL;
CREATE INDEX attempts_deadline ON attempts (deadline_at) WHERE submitted_at IS NULL;
CREATE TABLE attempt_answers (
  attempt_id BIGINT NOT NULL REFERENCES attempts (id),
  position INTEGER NOT NULL,
  answer TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  saved_at TEXT NOT NULL,
  PRIMARY KEY (attempt_id, position)
);
