-- One register (sổ cấp) for an issuing unit, a year and a kind of paper.
CREATE TABLE certificate_registers (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  issuer_id BIGINT NOT NULL REFERENCES units (id),
  year INTEGER NOT NULL,
  paper_kind TEXT NOT NULL,
  symbol TEXT NOT NULL,
  last_number BIGINT NOT NULL DEFAULT 0,
  UNIQUE (issuer_id, year, paper_kind)
);
CREATE TABLE certificates (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  completion_id BIGINT NOT NULL REFERENCES completion_events (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  register_id BIGINT NOT NULL REFERENCES certificate_registers (id),
  number BIGINT NOT NULL,
  register_number TEXT NOT NULL UNIQUE,
  paper TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('valid', 'revoked', 'replaced')),
  issued_at TEXT NOT NULL,
  replaces_id BIGINT REFERENCES certificates (id),
  file_id BIGINT REFERENCES files (id),
  UNIQUE (register_id, number)
);
CREATE UNIQUE INDEX certificates_completion ON certificates (completion_id) WHERE state = 'valid';
CREATE INDEX certificates_person ON certificates (person_id);
CREATE TABLE certificate_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  certificate_id BIGINT NOT NULL REFERENCES certificates (id),
  kind TEXT NOT NULL CHECK (kind IN ('issued', 'revoked', 'replaced')),
  at TEXT NOT NULL,
  actor_id BIGINT,
  decision_number TEXT,
  decision_date DATE,
  reason TEXT
);
CREATE INDEX certificate_events_certificate ON certificate_events (certificate_id, id);
