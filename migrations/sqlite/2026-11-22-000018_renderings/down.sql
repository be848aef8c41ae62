DROP TABLE course_handouts;
DROP TABLE course_terms;
DROP INDEX course_assets_address;
ALTER TABLE course_assets DROP COLUMN address;
ALTER TABLE course_versions DROP COLUMN rendering;
