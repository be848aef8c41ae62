DROP TABLE target_counts;
DROP TABLE counted_people;
DROP TABLE counted_turns;
DROP TABLE target_courses;
DROP TABLE targets;
