DROP TABLE nomination_events;
DROP TABLE nominations;
DROP TABLE nomination_letters;
DROP TABLE nomination_rounds;
