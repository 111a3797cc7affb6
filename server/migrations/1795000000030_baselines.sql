-- Up Migration

-- What is usual at each station, gzipped JSON, written anew in rounds: one table by turn, emptied whole before a round
-- begins in it, since the embedded database does not vacuum by itself. The newer round of a station counts.
CREATE TABLE baseline_0 (station text PRIMARY KEY, round bigint NOT NULL, data bytea NOT NULL);
CREATE TABLE baseline_1 (station text PRIMARY KEY, round bigint NOT NULL, data bytea NOT NULL);
ALTER TABLE baseline_0 ALTER data SET STORAGE EXTERNAL;
ALTER TABLE baseline_1 ALTER data SET STORAGE EXTERNAL;
