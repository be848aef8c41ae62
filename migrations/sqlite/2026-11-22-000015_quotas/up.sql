-- Seats that are handed down: of a target, or of a class into which approved nominees are enrolled. What is passed on is kept
-- beside the total, and the check stands behind every statement that changes either.
CREATE TABLE quota_rounds (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  title_vi TEXT NOT NULL,
  title_en TEXT NOT NULL,
  target_id BIGINT REFERENCES targets (id),
  run_id BIGINT REFERENCES class_runs (id),
  total BIGINT NOT NULL CHECK (total > 0),
  passed_on BIGINT NOT NULL CHECK (passed_on >= 0),
  deadline DATE,
  letter_number TEXT NOT NULL,
  letter_date DATE,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  created_at TEXT NOT NULL,
  created_by BIGINT REFERENCES people (id),
  CHECK (passed_on <= total)
);
CREATE INDEX quota_rounds_target ON quota_rounds (target_id);
CREATE INDEX quota_rounds_run ON quota_rounds (run_id);
-- What one unit was given in a round: by the coordinator, or by the unit whose quota is the parent. Derived from quota_events.
CREATE TABLE quotas (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  round_id BIGINT NOT NULL REFERENCES quota_rounds (id),
  parent_id BIGINT REFERENCES quotas (id),
  unit_id BIGINT NOT NULL REFERENCES units (id),
  amount BIGINT NOT NULL CHECK (amount >= 0),
  passed_on BIGINT NOT NULL CHECK (passed_on >= 0),
  taken BIGINT NOT NULL CHECK (taken >= 0),
  answer TEXT NOT NULL CHECK (answer IN ('waiting', 'accepted', 'asked')),
  asked_amount BIGINT CHECK (asked_amount >= 0),
  answer_reason TEXT NOT NULL,
  deadline DATE,
  created_at TEXT NOT NULL,
  UNIQUE (round_id, unit_id),
  CHECK (passed_on + taken <= amount),
  CHECK ((answer = 'asked') = (asked_amount IS NOT NULL))
);
CREATE INDEX quotas_parent ON quotas (parent_id);
CREATE INDEX quotas_unit ON quotas (unit_id);
-- Every step, only ever added: the truth from which the numbers above derive.
CREATE TABLE quota_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  quota_id BIGINT REFERENCES quotas (id),
  round_id BIGINT NOT NULL REFERENCES quota_rounds (id),
  kind TEXT NOT NULL CHECK (kind IN ('opened', 'allocated', 'accepted', 'asked', 'granted', 'declined', 'reallocated',
    'returned', 'seat-taken', 'seat-returned', 'closed')),
  delta BIGINT NOT NULL,
  reason TEXT NOT NULL,
  letter_number TEXT NOT NULL,
  letter_date DATE,
  person_id BIGINT REFERENCES people (id),
  by_id BIGINT REFERENCES people (id),
  occurred_at TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  CHECK ((kind IN ('opened', 'closed')) = (quota_id IS NULL))
);
CREATE INDEX quota_events_quota ON quota_events (quota_id, id);
CREATE INDEX quota_events_round ON quota_events (round_id, id);
CREATE INDEX quota_events_person ON quota_events (person_id, quota_id);
