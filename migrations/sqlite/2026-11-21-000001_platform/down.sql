DROP TABLE audit_seals;
DROP TABLE audit_events;
DROP TABLE files;
DROP TABLE jobs;
DROP TABLE settings;
