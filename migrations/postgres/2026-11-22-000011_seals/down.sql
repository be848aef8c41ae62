DROP TABLE seal_people;
DROP TABLE seals;
DROP TABLE outside_completions;
DROP TABLE outside_decisions;
DROP TABLE outside_people;
DROP TABLE outside_classes;
DROP TABLE target_kinds;
-- Refused while a target still counts agencies.
ALTER TABLE targets DROP CONSTRAINT targets_percent_check;
ALTER TABLE targets DROP CONSTRAINT targets_metric_check;
ALTER TABLE targets ADD CONSTRAINT targets_metric_check CHECK (metric IN ('people', 'turns'));
