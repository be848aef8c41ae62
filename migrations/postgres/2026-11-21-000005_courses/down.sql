DROP TABLE assessments;
DROP TABLE items;
DROP TABLE course_assets;
DROP TABLE lessons;
DROP TABLE course_modules;
DROP TABLE course_versions;
DROP TABLE courses;
