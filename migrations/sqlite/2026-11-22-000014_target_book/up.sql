-- The law behind a target, as fields of their own beside the words, and the counting rules as its document words them.
ALTER TABLE targets ADD COLUMN doc_number TEXT NOT NULL DEFAULT '';
ALTER TABLE targets ADD COLUMN doc_date DATE;
ALTER TABLE targets ADD COLUMN doc_issuer TEXT NOT NULL DEFAULT '';
ALTER TABLE targets ADD COLUMN doc_clause TEXT NOT NULL DEFAULT '';
ALTER TABLE targets ADD COLUMN doc_link TEXT NOT NULL DEFAULT '';
ALTER TABLE targets ADD COLUMN rules_vi TEXT NOT NULL DEFAULT '';
ALTER TABLE targets ADD COLUMN rules_en TEXT NOT NULL DEFAULT '';
-- The required number by audience: all three parts or none, and together the whole.
ALTER TABLE targets ADD COLUMN required_leaders BIGINT CHECK (required_leaders >= 0);
ALTER TABLE targets ADD COLUMN required_technology BIGINT CHECK (required_technology >= 0);
ALTER TABLE targets ADD COLUMN required_other BIGINT
  CHECK ((required_leaders IS NULL AND required_technology IS NULL AND required_other IS NULL)
    OR (required_leaders IS NOT NULL AND required_technology IS NOT NULL AND required_other IS NOT NULL
      AND required_leaders + required_technology + required_other = required));
ALTER TABLE targets ADD COLUMN successor_id BIGINT REFERENCES targets (id);
-- What became of a target and by which document. Rows are only added; `changes` is JSON: field, before, after.
CREATE TABLE target_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  target_id BIGINT NOT NULL REFERENCES targets (id),
  kind TEXT NOT NULL CHECK (kind IN ('created', 'amended', 'put-in-force', 'closed', 'superseded')),
  number TEXT NOT NULL,
  signed_on DATE,
  clause TEXT NOT NULL,
  reason TEXT NOT NULL,
  changes TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  by_id BIGINT REFERENCES people (id)
);
CREATE INDEX target_events_target ON target_events (target_id, id);
INSERT INTO target_events (target_id, kind, number, clause, reason, changes, recorded_at, by_id)
  SELECT id, 'created', '', '', '', '[]', created_at, created_by FROM targets ORDER BY id;
