DROP INDEX certificates_any_completion;
DROP INDEX certificates_replaces;
ALTER TABLE certificate_events DROP COLUMN details;
