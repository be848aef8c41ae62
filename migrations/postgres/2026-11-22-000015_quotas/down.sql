DROP TABLE quota_events;
DROP TABLE quotas;
DROP TABLE quota_rounds;
