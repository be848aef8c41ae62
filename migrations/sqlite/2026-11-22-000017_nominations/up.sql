-- Whom a round is for, and how many have to approve. A round without a row is for everybody, and one approves.
CREATE TABLE nomination_rounds (
  round_id BIGINT PRIMARY KEY NOT NULL REFERENCES quota_rounds (id),
  approval_steps INTEGER NOT NULL CHECK (approval_steps IN (1, 2)),
  -- JSON lists; an empty one leaves nobody out.
  categories TEXT NOT NULL,
  positions TEXT NOT NULL,
  set_at TEXT NOT NULL,
  set_by BIGINT REFERENCES people (id)
);
-- The signed letter with which a unit sends its nominees up.
CREATE TABLE nomination_letters (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  quota_id BIGINT NOT NULL REFERENCES quotas (id),
  number TEXT NOT NULL,
  dated DATE NOT NULL,
  file_id BIGINT NOT NULL REFERENCES files (id),
  added_at TEXT NOT NULL,
  added_by BIGINT NOT NULL REFERENCES people (id)
);
CREATE INDEX nomination_letters_quota ON nomination_letters (quota_id, id);
-- A person nominated for a seat of a quota. The state derives from nomination_events.
CREATE TABLE nominations (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  quota_id BIGINT NOT NULL REFERENCES quotas (id),
  round_id BIGINT NOT NULL REFERENCES quota_rounds (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  -- As they were when the person was nominated: by these the rules were asked.
  unit_id BIGINT NOT NULL REFERENCES units (id),
  position TEXT NOT NULL,
  category TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('drafted', 'submitted', 'endorsed', 'approved', 'waiting', 'returned', 'rejected',
    'withdrawn', 'replaced')),
  changed_at TEXT NOT NULL,
  -- The place in the waiting list: the id of the event that put the person there.
  waits_from BIGINT,
  letter_id BIGINT REFERENCES nomination_letters (id),
  submitted_by BIGINT REFERENCES people (id),
  enrolment_id BIGINT REFERENCES enrolments (id),
  replaces_id BIGINT REFERENCES nominations (id),
  created_at TEXT NOT NULL,
  created_by BIGINT REFERENCES people (id),
  CHECK ((state = 'waiting') = (waits_from IS NOT NULL))
);
-- Nobody is nominated twice in a round at the same time.
CREATE UNIQUE INDEX nominations_person_id_once ON nominations (person_id, round_id)
  WHERE state NOT IN ('rejected', 'withdrawn', 'replaced');
CREATE INDEX nominations_person ON nominations (person_id);
CREATE INDEX nominations_quota ON nominations (quota_id, state);
CREATE INDEX nominations_round ON nominations (round_id, state);
-- Every step, only ever added.
CREATE TABLE nomination_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  nomination_id BIGINT NOT NULL REFERENCES nominations (id),
  kind TEXT NOT NULL CHECK (kind IN ('drafted', 'submitted', 'resubmitted', 'endorsed', 'approved', 'waiting', 'seated', 'returned',
    'rejected', 'withdrawn', 'replaced')),
  reason TEXT NOT NULL,
  letter_id BIGINT REFERENCES nomination_letters (id),
  by_id BIGINT REFERENCES people (id),
  occurred_at TEXT NOT NULL,
  recorded_at TEXT NOT NULL
);
CREATE INDEX nomination_events_nomination ON nomination_events (nomination_id, id);
