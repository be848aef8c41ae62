-- Reading time as the server counted it from heartbeats, and how many answers came in under two seconds: totals of one
-- lesson or test for one enrolment. The beats behind them are kept for 30 days only.
ALTER TABLE lesson_progress ADD COLUMN dwell_seconds BIGINT NOT NULL DEFAULT 0;
ALTER TABLE lesson_progress ADD COLUMN beats BIGINT NOT NULL DEFAULT 0;
ALTER TABLE lesson_progress ADD COLUMN answers BIGINT NOT NULL DEFAULT 0;
ALTER TABLE lesson_progress ADD COLUMN fast_answers BIGINT NOT NULL DEFAULT 0;
ALTER TABLE lesson_progress ADD COLUMN answered_at TEXT;
-- Until when the time of this enrolment is counted: no moment counts twice, whatever stands open side by side.
ALTER TABLE enrolments ADD COLUMN counted_to TEXT;
-- Why a completion was flagged, as JSON.
ALTER TABLE completion_events ADD COLUMN doubt TEXT;
CREATE TABLE lesson_beats (
  enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
  beaten_at TEXT NOT NULL,
  lesson_key TEXT NOT NULL,
  seconds BIGINT NOT NULL CHECK (seconds >= 0),
  PRIMARY KEY (enrolment_id, beaten_at)
);
CREATE INDEX lesson_beats_old ON lesson_beats (beaten_at);
-- What a browser sent in a batch and was applied, so that it is applied once.
CREATE TABLE progress_receipts (
  enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
  client_id TEXT NOT NULL,
  received_at TEXT NOT NULL,
  PRIMARY KEY (enrolment_id, client_id)
);
CREATE INDEX progress_receipts_old ON progress_receipts (received_at);
-- Who waits for a seat; the order is that of the ids. The unit is the one at joining, for those who look after their people:
-- the facts that count are taken with the seat.
CREATE TABLE waiting_list (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  run_id BIGINT NOT NULL REFERENCES class_runs (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  unit_id BIGINT NOT NULL REFERENCES units (id),
  joined_at TEXT NOT NULL,
  joined_by BIGINT,
  left_at TEXT,
  outcome TEXT CHECK (outcome IN ('seated', 'left')),
  CHECK ((left_at IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX waiting_list_once ON waiting_list (run_id, person_id) WHERE left_at IS NULL;
CREATE INDEX waiting_list_person ON waiting_list (person_id) WHERE left_at IS NULL;
