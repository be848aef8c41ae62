DROP TABLE item_tallies;
DROP INDEX attempts_untallied;
ALTER TABLE attempts DROP COLUMN tallied_at;
DROP INDEX check_answers_untallied;
ALTER TABLE check_answers DROP COLUMN tallied_at;
ALTER TABLE check_answers DROP COLUMN first_answer;
