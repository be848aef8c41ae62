-- A large seal is computed by a job: until then its body is empty and nothing is counted.
ALTER TABLE seals DROP CONSTRAINT seals_state_check;
ALTER TABLE seals ADD CONSTRAINT seals_state_check CHECK (state IN ('preparing', 'prepared', 'signed', 'withdrawn'));
ALTER TABLE seals DROP CONSTRAINT seals_check2;
ALTER TABLE seals ADD CONSTRAINT seals_check2 CHECK ((state IN ('preparing', 'prepared')) = (decided_at IS NULL));
