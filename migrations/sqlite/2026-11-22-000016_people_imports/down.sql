DROP TABLE people_import_rows;
DROP TABLE people_imports;
DROP INDEX people_staff_code;
DROP INDEX people_folded;
ALTER TABLE people DROP COLUMN staff_code;
ALTER TABLE people DROP COLUMN birth_date;
