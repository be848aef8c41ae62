CREATE TABLE targets (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  title_vi TEXT NOT NULL,
  title_en TEXT NOT NULL,
  metric TEXT NOT NULL CHECK (metric IN ('people', 'turns')),
  required BIGINT NOT NULL CHECK (required > 0),
  period_from DATE NOT NULL,
  period_to DATE NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'in-force', 'closed', 'superseded')),
  basis_vi TEXT NOT NULL,
  basis_en TEXT NOT NULL,
  is_illustration BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  created_by BIGINT,
  CHECK (period_to >= period_from)
);
CREATE TABLE target_courses (
  target_id BIGINT NOT NULL REFERENCES targets (id),
  course_id BIGINT NOT NULL REFERENCES courses (id),
  PRIMARY KEY (target_id, course_id)
);
-- The completions that count towards a target: one row is one turn. Derived from completion_events.
CREATE TABLE counted_turns (
  target_id BIGINT NOT NULL REFERENCES targets (id),
  completion_id BIGINT NOT NULL REFERENCES completion_events (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  unit_id BIGINT NOT NULL REFERENCES units (id),
  category TEXT NOT NULL,
  day DATE NOT NULL,
  occurred_at TEXT NOT NULL,
  PRIMARY KEY (target_id, completion_id)
);
CREATE INDEX counted_turns_person ON counted_turns (target_id, person_id, occurred_at, completion_id);
-- Where each person is counted: by the first of their turns. Derived.
CREATE TABLE counted_people (
  target_id BIGINT NOT NULL REFERENCES targets (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  completion_id BIGINT NOT NULL REFERENCES completion_events (id),
  unit_id BIGINT NOT NULL REFERENCES units (id),
  category TEXT NOT NULL,
  day DATE NOT NULL,
  PRIMARY KEY (target_id, person_id)
);
-- The counters that pages read. Derived in the same transaction; `verify` recomputes them.
CREATE TABLE target_counts (
  target_id BIGINT NOT NULL REFERENCES targets (id),
  unit_id BIGINT NOT NULL REFERENCES units (id),
  category TEXT NOT NULL,
  day DATE NOT NULL,
  turns BIGINT NOT NULL,
  people BIGINT NOT NULL,
  PRIMARY KEY (target_id, unit_id, category, day)
);
