-- The enrolments of a large agency are counted by its targets and its reminders without being read one by one.
DROP INDEX enrolments_unit;
CREATE INDEX enrolments_unit ON enrolments (unit_id, run_id, state, completed_at, person_id);
-- Who works in a unit on a day, and how many in each.
DROP INDEX memberships_unit;
CREATE INDEX memberships_unit ON memberships (unit_id, valid_to, valid_from, person_id);
-- What was completed in an agency: its register, the list behind its figures.
CREATE INDEX completion_events_unit ON completion_events (unit_id, occurred_at);
