CREATE INDEX certificates_any_completion ON certificates (completion_id);
