CREATE TABLE courses (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  slug TEXT NOT NULL UNIQUE,
  current_version_id BIGINT,
  created_at TEXT NOT NULL
);
-- An imported version is never changed; hash is over the normalised content; package is the whole course as JSON without
-- the bytes of its assets, course the part of it that every page needs.
CREATE TABLE course_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  course_id BIGINT NOT NULL REFERENCES courses (id),
  number INTEGER NOT NULL,
  hash TEXT NOT NULL,
  title_vi TEXT NOT NULL,
  title_en TEXT NOT NULL,
  summary_vi TEXT NOT NULL,
  summary_en TEXT NOT NULL,
  minutes INTEGER NOT NULL,
  course TEXT NOT NULL,
  package TEXT NOT NULL,
  folded TEXT NOT NULL,
  change_note TEXT NOT NULL,
  imported_at TEXT NOT NULL,
  imported_by BIGINT,
  UNIQUE (course_id, number),
  UNIQUE (course_id, hash)
);
CREATE TABLE course_modules (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  version_id BIGINT NOT NULL REFERENCES course_versions (id),
  position INTEGER NOT NULL,
  key TEXT NOT NULL,
  slug TEXT NOT NULL,
  title TEXT NOT NULL,
  aim TEXT NOT NULL,
  UNIQUE (version_id, key),
  UNIQUE (version_id, position)
);
CREATE TABLE lessons (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  version_id BIGINT NOT NULL REFERENCES course_versions (id),
  module_id BIGINT NOT NULL REFERENCES course_modules (id),
  position INTEGER NOT NULL,
  key TEXT NOT NULL,
  slug TEXT NOT NULL,
  title TEXT NOT NULL,
  html TEXT NOT NULL,
  words INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  is_open BOOLEAN NOT NULL,
  UNIQUE (version_id, key),
  UNIQUE (version_id, slug),
  UNIQUE (version_id, position)
);
CREATE TABLE course_assets (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  version_id BIGINT NOT NULL REFERENCES course_versions (id),
  path TEXT NOT NULL,
  media_type TEXT NOT NULL,
  is_open BOOLEAN NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (version_id, path)
);
CREATE TABLE items (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  version_id BIGINT NOT NULL REFERENCES course_versions (id),
  key TEXT NOT NULL,
  topic TEXT NOT NULL,
  difficulty INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (version_id, key)
);
CREATE TABLE assessments (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  version_id BIGINT NOT NULL REFERENCES course_versions (id),
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes > 0),
  max_attempts INTEGER NOT NULL CHECK (max_attempts > 0),
  pass_percent INTEGER NOT NULL CHECK (pass_percent BETWEEN 50 AND 100),
  blueprint TEXT NOT NULL,
  UNIQUE (version_id, key)
);
