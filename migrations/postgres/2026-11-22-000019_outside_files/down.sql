DROP TABLE outside_files;
