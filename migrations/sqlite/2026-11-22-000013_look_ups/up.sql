-- The indexes over these columns that stand already are partial ones; SQLite uses those only where the condition is written out,
-- never where its value is bound, and then reads the whole table for every row.
CREATE INDEX certificates_of_completion ON certificates (completion_id);
CREATE INDEX completion_events_enrolment ON completion_events (enrolment_id);
CREATE INDEX counted_people_completion ON counted_people (completion_id);
