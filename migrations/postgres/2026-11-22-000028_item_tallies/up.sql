-- The first answer to a question of a lesson stays beside the latest one: what somebody knew before being told what is right. Of answers
-- given before this column was there, the first is not known. tallied_at is when an answer went into the tallies.
ALTER TABLE check_answers ADD COLUMN first_answer TEXT;
ALTER TABLE check_answers ADD COLUMN tallied_at TIMESTAMPTZ;
CREATE INDEX check_answers_untallied ON check_answers (enrolment_id, item_key) WHERE tallied_at IS NULL AND first_answer IS NOT NULL;
ALTER TABLE attempts ADD COLUMN tallied_at TIMESTAMPTZ;
CREATE INDEX attempts_untallied ON attempts (id) WHERE tallied_at IS NULL AND submitted_at IS NOT NULL;
-- What the learners of a class made of a question, each counted by their first answer; test_key is empty for a question of a lesson.
CREATE TABLE item_tallies (
  run_id BIGINT NOT NULL REFERENCES class_runs (id),
  test_key TEXT NOT NULL,
  item_key TEXT NOT NULL,
  people BIGINT NOT NULL CHECK (people > 0),
  correct BIGINT NOT NULL,
  details TEXT NOT NULL,
  PRIMARY KEY (run_id, test_key, item_key),
  CHECK (correct BETWEEN 0 AND people)
);
