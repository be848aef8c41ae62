-- What a job did not finish is taken back.
UPDATE seals SET state = 'withdrawn', decided_at = prepared_at, decided_by = prepared_by WHERE state = 'preparing';
-- SQLite cannot change a CHECK in place: the rows are kept aside, and what refers to them is looked at when the transaction ends.
PRAGMA defer_foreign_keys = ON;
CREATE TEMPORARY TABLE seals_kept AS SELECT * FROM seals;
DROP TABLE seals;
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
INSERT INTO seals SELECT * FROM seals_kept;
DROP TABLE seals_kept;
