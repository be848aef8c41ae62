DROP TABLE one_time_links;
DROP TABLE sign_in_failures;
DROP TABLE sessions;
DROP TABLE role_grants;
DROP TABLE memberships;
DROP TABLE people;
