DROP INDEX completion_events_unit;
DROP INDEX memberships_unit;
CREATE INDEX memberships_unit ON memberships (unit_id);
DROP INDEX enrolments_unit;
CREATE INDEX enrolments_unit ON enrolments (unit_id);
