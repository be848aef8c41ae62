-- How far a target is counted anew after a change of what counts: whole once counted_to has come to counting_until, the last event
-- there was at the change. The round is the number of the change, so that the work for an earlier one ends.
ALTER TABLE targets ADD COLUMN counting_round BIGINT NOT NULL DEFAULT 0;
ALTER TABLE targets ADD COLUMN counting_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE targets ADD COLUMN counted_to BIGINT NOT NULL DEFAULT 0;
-- Whose earlier completions were being counted when this came is counted from the beginning.
UPDATE targets SET counting_until = (SELECT COALESCE(MAX(id), 0) FROM completion_events)
WHERE EXISTS (SELECT 1 FROM jobs WHERE jobs.kind = 'targets.count-backlog' AND jobs.state IN ('ready', 'running', 'failed') AND jobs.payload LIKE '{"target":' || targets.id || ',%');
