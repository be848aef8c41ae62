-- A third thing a target may count: the share of agencies that hold classes. Its required number is in percent.
-- SQLite cannot change a CHECK in place: the rows are kept aside, and what refers to them is looked at when the transaction ends.
PRAGMA defer_foreign_keys = ON;
CREATE TEMPORARY TABLE targets_kept AS SELECT * FROM targets;
DROP TABLE targets;
CREATE TABLE targets (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  title_vi TEXT NOT NULL,
  title_en TEXT NOT NULL,
  metric TEXT NOT NULL CHECK (metric IN ('people', 'turns', 'agencies')),
  required BIGINT NOT NULL CHECK (required > 0),
  period_from DATE NOT NULL,
  period_to DATE NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'in-force', 'closed', 'superseded')),
  basis_vi TEXT NOT NULL,
  basis_en TEXT NOT NULL,
  is_illustration BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  created_by BIGINT,
  CHECK (period_to >= period_from),
  CHECK (metric <> 'agencies' OR required <= 100)
);
INSERT INTO targets SELECT * FROM targets_kept;
DROP TABLE targets_kept;
-- Of which kinds the agencies are whose share a target measures.
CREATE TABLE target_kinds (
  target_id BIGINT NOT NULL REFERENCES targets (id),
  kind TEXT NOT NULL,
  PRIMARY KEY (target_id, kind)
);
-- A class held outside the system, as an agency entered it. A row is never changed: what was decided about it stands in
-- outside_decisions, and a correction is a class of its own.
CREATE TABLE outside_classes (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  course_id BIGINT NOT NULL REFERENCES courses (id),
  organiser_id BIGINT NOT NULL REFERENCES units (id),
  first_day DATE NOT NULL,
  last_day DATE NOT NULL,
  decision TEXT NOT NULL,
  entered_at TEXT NOT NULL,
  entered_by BIGINT NOT NULL REFERENCES people (id),
  CHECK (last_day >= first_day)
);
CREATE INDEX outside_classes_course ON outside_classes (course_id, first_day);
-- Who was in it: unit, position and category are frozen as on its first day.
CREATE TABLE outside_people (
  class_id BIGINT NOT NULL REFERENCES outside_classes (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  unit_id BIGINT NOT NULL REFERENCES units (id),
  position TEXT NOT NULL,
  category TEXT NOT NULL,
  PRIMARY KEY (class_id, person_id)
);
CREATE INDEX outside_people_person ON outside_people (person_id);
-- The second person's word. The key lets there be one, under any race.
CREATE TABLE outside_decisions (
  class_id BIGINT PRIMARY KEY NOT NULL REFERENCES outside_classes (id),
  kind TEXT NOT NULL CHECK (kind IN ('confirmed', 'rejected')),
  decided_at TEXT NOT NULL,
  decided_by BIGINT NOT NULL REFERENCES people (id),
  reason TEXT
);
-- The completions that a confirmed class gave.
CREATE TABLE outside_completions (
  completion_id BIGINT PRIMARY KEY NOT NULL REFERENCES completion_events (id),
  class_id BIGINT NOT NULL REFERENCES outside_classes (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  UNIQUE (class_id, person_id)
);
-- Sealed figures. `body` is what was prepared until somebody else signs it; from then on it is the seal itself, and the row is
-- never changed again. The hash covers the body and the hash before.
CREATE TABLE seals (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  target_id BIGINT NOT NULL REFERENCES targets (id),
  period_from DATE NOT NULL,
  period_to DATE NOT NULL,
  known_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('prepared', 'signed', 'withdrawn')),
  people BIGINT NOT NULL,
  turns BIGINT NOT NULL,
  body TEXT NOT NULL,
  prepared_at TEXT NOT NULL,
  prepared_by BIGINT NOT NULL REFERENCES people (id),
  decided_at TEXT,
  decided_by BIGINT REFERENCES people (id),
  number BIGINT UNIQUE,
  hash TEXT,
  CHECK ((state = 'signed') = (number IS NOT NULL)),
  CHECK ((state = 'signed') = (hash IS NOT NULL)),
  CHECK ((state = 'prepared') = (decided_at IS NULL)),
  CHECK (state <> 'signed' OR decided_by <> prepared_by)
);
CREATE INDEX seals_target ON seals (target_id, id);
-- What opens the commitments of a seal. Deleting a person's rows leaves the seal whole and the person unknown.
CREATE TABLE seal_people (
  seal_id BIGINT NOT NULL REFERENCES seals (id),
  commitment TEXT NOT NULL,
  salt TEXT NOT NULL,
  person_id BIGINT NOT NULL REFERENCES people (id),
  PRIMARY KEY (seal_id, commitment)
);
CREATE INDEX seal_people_person ON seal_people (person_id);
