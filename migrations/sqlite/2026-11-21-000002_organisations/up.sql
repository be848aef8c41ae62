CREATE TABLE units (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  name_vi TEXT NOT NULL,
  name_en TEXT NOT NULL,
  kind TEXT NOT NULL,
  valid_from DATE,
  valid_to DATE,
  folded TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)
);
-- Under whom a unit stands, and when. The last day is included, as in the sources.
CREATE TABLE unit_placements (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  unit_id BIGINT NOT NULL REFERENCES units (id),
  parent_id BIGINT NOT NULL REFERENCES units (id),
  valid_from DATE,
  valid_to DATE,
  CHECK (unit_id <> parent_id)
);
CREATE INDEX unit_placements_unit ON unit_placements (unit_id);
CREATE INDEX unit_placements_parent ON unit_placements (parent_id);
-- Into what a unit went; position 0 is the main successor.
CREATE TABLE unit_successions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  unit_id BIGINT NOT NULL REFERENCES units (id),
  successor_id BIGINT NOT NULL REFERENCES units (id),
  position INTEGER NOT NULL,
  UNIQUE (unit_id, successor_id),
  UNIQUE (unit_id, position),
  CHECK (unit_id <> successor_id)
);
CREATE INDEX unit_successions_successor ON unit_successions (successor_id);
