-- One press of "Gửi nhắc": whom it was meant for, and what became of it.
CREATE TABLE reminder_batches (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('learners', 'agencies')),
  target_id BIGINT REFERENCES targets (id),
  by_id BIGINT NOT NULL REFERENCES people (id),
  created_at TEXT NOT NULL,
  total BIGINT NOT NULL CHECK (total >= 0),
  sent BIGINT NOT NULL CHECK (sent >= 0),
  skipped BIGINT NOT NULL CHECK (skipped >= 0),
  unreached BIGINT NOT NULL CHECK (unreached >= 0),
  finished_at TEXT,
  CHECK (sent + skipped <= total)
);
CREATE INDEX reminder_batches_by ON reminder_batches (by_id, id);
-- Who was written to on which day in Viet Nam. The key is the rule: once a day, whoever sends.
CREATE TABLE reminders (
  person_id BIGINT NOT NULL REFERENCES people (id),
  day DATE NOT NULL,
  batch_id BIGINT NOT NULL REFERENCES reminder_batches (id),
  PRIMARY KEY (person_id, day)
);
CREATE INDEX reminders_batch ON reminders (batch_id);
