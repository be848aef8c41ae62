DROP TABLE unit_successions;
DROP TABLE unit_placements;
DROP TABLE units;
