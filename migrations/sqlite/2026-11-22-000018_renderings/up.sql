-- What a version is rendered into is kept, and can be rendered again by a later program: rendering is the revision of the one
-- that did. 0 means that it is still to be done; a job does it soon after the start.
ALTER TABLE course_versions ADD COLUMN rendering INTEGER NOT NULL DEFAULT 0;
-- An address of its own for each file, which nobody can guess from another's.
ALTER TABLE course_assets ADD COLUMN address TEXT;
CREATE UNIQUE INDEX course_assets_address ON course_assets (address);
CREATE TABLE course_terms (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  version_id BIGINT NOT NULL REFERENCES course_versions (id),
  position INTEGER NOT NULL,
  lesson_key TEXT NOT NULL,
  term TEXT NOT NULL,
  anchor TEXT NOT NULL,
  explanation TEXT NOT NULL,
  UNIQUE (version_id, position)
);
CREATE TABLE course_handouts (
  version_id BIGINT PRIMARY KEY NOT NULL REFERENCES course_versions (id),
  html TEXT NOT NULL
);
