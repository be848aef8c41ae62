DROP TABLE completion_events;
DROP TABLE check_answers;
DROP TABLE lesson_progress;
DROP TABLE enrolments;
DROP TABLE class_files;
DROP TABLE class_runs;
