-- The signed roster of a class held outside the system, as it was sent in with it.
CREATE TABLE outside_files (
  class_id BIGINT PRIMARY KEY NOT NULL REFERENCES outside_classes (id),
  file_id BIGINT NOT NULL REFERENCES files (id)
);
