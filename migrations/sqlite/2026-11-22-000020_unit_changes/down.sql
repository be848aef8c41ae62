DROP TABLE membership_transfers;
DROP INDEX memberships_continues;
DROP INDEX memberships_change;
ALTER TABLE memberships DROP COLUMN decision;
ALTER TABLE memberships DROP COLUMN continues_id;
ALTER TABLE memberships DROP COLUMN change_id;
DROP TABLE unit_change_units;
DROP TABLE unit_changes;
