-- What a job did not finish is taken back.
UPDATE seals SET state = 'withdrawn', decided_at = prepared_at, decided_by = prepared_by WHERE state = 'preparing';
ALTER TABLE seals DROP CONSTRAINT seals_state_check;
ALTER TABLE seals ADD CONSTRAINT seals_state_check CHECK (state IN ('prepared', 'signed', 'withdrawn'));
ALTER TABLE seals DROP CONSTRAINT seals_check2;
ALTER TABLE seals ADD CONSTRAINT seals_check2 CHECK ((state = 'prepared') = (decided_at IS NULL));
