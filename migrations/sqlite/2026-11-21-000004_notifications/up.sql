CREATE TABLE notices (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  person_id BIGINT NOT NULL REFERENCES people (id),
  message_key TEXT NOT NULL,
  args TEXT NOT NULL,
  href TEXT,
  created_at TEXT NOT NULL,
  read_at TEXT
);
CREATE INDEX notices_person ON notices (person_id, id);
CREATE INDEX notices_unread ON notices (person_id) WHERE read_at IS NULL;
