-- What a re-issue says beyond its decision, as JSON: the ground, the number of the entry before, each correction with before and after.
ALTER TABLE certificate_events ADD COLUMN details TEXT;
-- A certificate is issued anew once; after that it is the new one that can be issued anew.
CREATE UNIQUE INDEX certificates_replaces ON certificates (replaces_id) WHERE replaces_id IS NOT NULL;
-- All certificates of a completion, valid or not: the index there was knows the valid ones only.
CREATE INDEX certificates_any_completion ON certificates (completion_id);
