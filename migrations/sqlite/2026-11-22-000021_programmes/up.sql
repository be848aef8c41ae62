-- A programme: courses that lead to a recognition, for so many people, on the ground of a document.
CREATE TABLE programmes (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  title_vi TEXT NOT NULL,
  title_en TEXT NOT NULL,
  document_number TEXT NOT NULL,
  document_date DATE,
  document_issuer TEXT NOT NULL,
  document_subject TEXT NOT NULL,
  -- The most people who may have a place in one cohort.
  cap BIGINT NOT NULL CHECK (cap > 0),
  period_from DATE NOT NULL,
  period_to DATE,
  -- A recognition holds so long; without a number it does not end.
  validity_months INTEGER CHECK (validity_months > 0),
  notice_days INTEGER NOT NULL CHECK (notice_days >= 0),
  created_at TEXT NOT NULL,
  created_by BIGINT REFERENCES people (id),
  CHECK (period_to IS NULL OR period_to >= period_from)
);
-- Courses of which all (needed is null) or at least so many are asked for.
CREATE TABLE programme_groups (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  programme_id BIGINT NOT NULL REFERENCES programmes (id),
  title_vi TEXT NOT NULL,
  title_en TEXT NOT NULL,
  needed BIGINT CHECK (needed > 0)
);
CREATE INDEX programme_groups_programme ON programme_groups (programme_id, id);
CREATE TABLE programme_courses (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  group_id BIGINT NOT NULL REFERENCES programme_groups (id),
  course_id BIGINT NOT NULL REFERENCES courses (id),
  delivery TEXT NOT NULL CHECK (delivery IN ('e-learning', 'live', 'in-person')),
  UNIQUE (group_id, course_id)
);
CREATE INDEX programme_courses_course ON programme_courses (course_id);
-- The posts whose holders a programme is for: in every agency of some kinds, known by words of the position and of the unit.
CREATE TABLE programme_posts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  programme_id BIGINT NOT NULL REFERENCES programmes (id),
  title_vi TEXT NOT NULL,
  title_en TEXT NOT NULL,
  -- JSON lists.
  kinds TEXT NOT NULL,
  words TEXT NOT NULL
);
CREATE INDEX programme_posts_programme ON programme_posts (programme_id, id);
-- One going through: a nomination round, and the classes it is taught in. `held` derives from the stages of its members, as do the
-- numbers of programme_counts.
CREATE TABLE programme_cohorts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  programme_id BIGINT NOT NULL REFERENCES programmes (id),
  code TEXT NOT NULL UNIQUE,
  title_vi TEXT NOT NULL,
  title_en TEXT NOT NULL,
  round_id BIGINT REFERENCES quota_rounds (id),
  -- What was completed since this day counts.
  counts_from DATE NOT NULL,
  cap BIGINT NOT NULL CHECK (cap > 0),
  held BIGINT NOT NULL CHECK (held >= 0),
  created_at TEXT NOT NULL,
  created_by BIGINT REFERENCES people (id),
  CHECK (held <= cap)
);
CREATE INDEX programme_cohorts_programme ON programme_cohorts (programme_id, id);
CREATE UNIQUE INDEX programme_cohorts_round_id_once ON programme_cohorts (round_id) WHERE round_id IS NOT NULL;
CREATE TABLE programme_runs (
  cohort_id BIGINT NOT NULL REFERENCES programme_cohorts (id),
  run_id BIGINT NOT NULL REFERENCES class_runs (id),
  PRIMARY KEY (cohort_id, run_id)
);
CREATE INDEX programme_runs_run ON programme_runs (run_id);
CREATE TABLE programme_counts (
  cohort_id BIGINT NOT NULL REFERENCES programme_cohorts (id),
  stage TEXT NOT NULL,
  people BIGINT NOT NULL CHECK (people >= 0),
  PRIMARY KEY (cohort_id, stage)
);
-- The paper by which people are recognised or their recognition is renewed.
CREATE TABLE programme_decisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  programme_id BIGINT NOT NULL REFERENCES programmes (id),
  number TEXT NOT NULL,
  dated DATE NOT NULL,
  signer TEXT NOT NULL,
  effective_from DATE NOT NULL,
  file_id BIGINT REFERENCES files (id),
  made_at TEXT NOT NULL,
  made_by BIGINT REFERENCES people (id),
  UNIQUE (programme_id, number, dated),
  CHECK (effective_from >= dated)
);
-- Somebody in a cohort. The stage derives from programme_events.
CREATE TABLE programme_members (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  cohort_id BIGINT NOT NULL REFERENCES programme_cohorts (id),
  programme_id BIGINT NOT NULL REFERENCES programmes (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  nomination_id BIGINT REFERENCES nominations (id),
  -- As they were when the person was nominated.
  unit_id BIGINT NOT NULL REFERENCES units (id),
  position TEXT NOT NULL,
  category TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('nominated', 'approved', 'studying', 'fulfilled', 'recognised', 'active', 'lapsed',
    'withdrawn', 'replaced', 'rejected')),
  changed_at TEXT NOT NULL,
  decision_id BIGINT REFERENCES programme_decisions (id),
  valid_from DATE,
  -- The last day, included.
  valid_until DATE,
  -- The last day about whose coming people were told already.
  warned_for DATE,
  needs_review BOOLEAN NOT NULL,
  UNIQUE (cohort_id, person_id),
  CHECK (valid_until IS NULL OR valid_until >= valid_from),
  CHECK (stage NOT IN ('recognised', 'active', 'lapsed') OR (decision_id IS NOT NULL AND valid_from IS NOT NULL))
);
CREATE INDEX programme_members_person ON programme_members (person_id);
CREATE INDEX programme_members_stage ON programme_members (programme_id, stage);
CREATE INDEX programme_members_until ON programme_members (stage, valid_until);
-- Every step, only ever added.
CREATE TABLE programme_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  member_id BIGINT NOT NULL REFERENCES programme_members (id),
  kind TEXT NOT NULL CHECK (kind IN ('nominated', 'approved', 'studying', 'fulfilled', 'reopened', 'recognised', 'activated',
    'renewed', 'lapsed', 'withdrawn', 'replaced', 'rejected', 'doubted', 'settled')),
  decision_id BIGINT REFERENCES programme_decisions (id),
  reason TEXT NOT NULL,
  by_id BIGINT REFERENCES people (id),
  occurred_at TEXT NOT NULL,
  recorded_at TEXT NOT NULL
);
CREATE INDEX programme_events_member ON programme_events (member_id, id);
