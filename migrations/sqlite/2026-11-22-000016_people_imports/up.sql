-- By what a person is known again besides the name: the whole birth date where it is known, and the code of their agency's register.
ALTER TABLE people ADD COLUMN birth_date DATE;
ALTER TABLE people ADD COLUMN staff_code TEXT;
CREATE INDEX people_folded ON people (folded);
CREATE INDEX people_staff_code ON people (staff_code);
-- A list of people that came as a file or was pasted. Nothing of it is done before somebody has seen its dry run and confirmed it.
CREATE TABLE people_imports (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  owner_id BIGINT NOT NULL REFERENCES people (id),
  -- The rows may only mean people of this unit and what lies under it.
  unit_id BIGINT NOT NULL REFERENCES units (id),
  purpose TEXT NOT NULL CHECK (purpose IN ('people', 'nominate')),
  -- What the purpose is about, in the words of the slice whose purpose it is.
  subject TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('xlsx', 'csv', 'paste')),
  file_name TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('mapping', 'checking', 'ready', 'applying', 'applied', 'undoing', 'undone', 'discarded')),
  -- The headings as they came, and which column is what, both as JSON.
  headings TEXT NOT NULL,
  mapping TEXT NOT NULL,
  total BIGINT NOT NULL CHECK (total >= 0),
  done BIGINT NOT NULL CHECK (done >= 0),
  invites BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  checked_at TEXT,
  confirmed_by BIGINT REFERENCES people (id),
  confirmed_at TEXT,
  applied_at TEXT,
  undone_at TEXT
);
-- The same list for the same purpose once, until it was thrown away or undone.
CREATE UNIQUE INDEX people_imports_content_hash ON people_imports (unit_id, purpose, subject, content_hash)
  WHERE state NOT IN ('discarded', 'undone');
CREATE INDEX people_imports_owner ON people_imports (owner_id, id);
CREATE INDEX people_imports_unit ON people_imports (unit_id, id);
CREATE TABLE people_import_rows (
  import_id BIGINT NOT NULL REFERENCES people_imports (id),
  -- As counted in the file.
  number BIGINT NOT NULL,
  cells TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('pending', 'new', 'known', 'twice', 'likely', 'fault')),
  reasons TEXT NOT NULL,
  -- Whom the row means: known, perhaps known, or made from it.
  person_id BIGINT REFERENCES people (id),
  choice TEXT CHECK (choice IN ('new', 'same', 'skip')),
  result TEXT CHECK (result IN ('created', 'linked', 'skipped', 'withdrawn', 'kept')),
  PRIMARY KEY (import_id, number)
);
CREATE INDEX people_import_rows_outcome ON people_import_rows (import_id, outcome, number);
CREATE INDEX people_import_rows_result ON people_import_rows (import_id, result, number);
CREATE INDEX people_import_rows_person ON people_import_rows (person_id);
