DROP INDEX counted_people_completion;
DROP INDEX completion_events_enrolment;
DROP INDEX certificates_of_completion;
