-- Up Migration

-- Stretches of time whose values came late and that nobody has looked at yet. Times in ms since epoch.
CREATE TABLE late_stretch (station text NOT NULL, from_time bigint NOT NULL, to_time bigint NOT NULL);
