ALTER TABLE targets DROP COLUMN counted_to;
ALTER TABLE targets DROP COLUMN counting_until;
ALTER TABLE targets DROP COLUMN counting_round;
