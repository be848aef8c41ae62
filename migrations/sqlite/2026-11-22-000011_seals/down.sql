DROP TABLE seal_people;
DROP TABLE seals;
DROP TABLE outside_completions;
DROP TABLE outside_decisions;
DROP TABLE outside_people;
DROP TABLE outside_classes;
DROP TABLE target_kinds;
-- Refused while a target still counts agencies.
-- SQLite cannot change a CHECK in place: the rows are kept aside, and what refers to them is looked at when the transaction ends.
PRAGMA defer_foreign_keys = ON;
CREATE TEMPORARY TABLE targets_kept AS SELECT * FROM targets;
DROP TABLE targets;
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
INSERT INTO targets SELECT * FROM targets_kept;
DROP TABLE targets_kept;
