-- Up Migration

-- What arrived since the last sealing, one row per tick. Four tables in turn, emptied when everything in them
-- is sealed: no row is ever deleted.
CREATE TABLE history_tick_0 (seq bigint PRIMARY KEY, data bytea NOT NULL);
CREATE TABLE history_tick_1 (seq bigint PRIMARY KEY, data bytea NOT NULL);
CREATE TABLE history_tick_2 (seq bigint PRIMARY KEY, data bytea NOT NULL);
CREATE TABLE history_tick_3 (seq bigint PRIMARY KEY, data bytea NOT NULL);
ALTER TABLE history_tick_0 ALTER data SET STORAGE EXTERNAL;
ALTER TABLE history_tick_1 ALTER data SET STORAGE EXTERNAL;
ALTER TABLE history_tick_2 ALTER data SET STORAGE EXTERNAL;
ALTER TABLE history_tick_3 ALTER data SET STORAGE EXTERNAL;

-- Up to which tick the values of a station are sealed. kind: 0 live, 1 late
CREATE TABLE history_mark (
  station integer NOT NULL,
  kind smallint NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (station, kind)
) WITH (fillfactor = 50);

-- The sealed values of one station over t0..t1 (ms since epoch), never across a partition.
-- data: the frame times, then one column per point of the template; column i is the bytes
-- offsets[i + 1] to offsets[i + 2]. EXTERNAL, so that substr() fetches nothing else.
CREATE TABLE history_chunk (
  t0 bigint NOT NULL,
  t1 bigint NOT NULL,
  seq bigint NOT NULL,
  station integer NOT NULL,
  values integer NOT NULL,
  kind smallint NOT NULL,
  template text NOT NULL,
  offsets integer[] NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (station, t0, kind, seq)
) PARTITION BY RANGE (t0);
ALTER TABLE history_chunk ALTER data SET STORAGE EXTERNAL;

-- The sheet of the whole city at a past minute (ms since epoch).
CREATE TABLE overview_minute (
  t bigint PRIMARY KEY,
  data bytea NOT NULL
) PARTITION BY RANGE (t);
ALTER TABLE overview_minute ALTER data SET STORAGE EXTERNAL;

-- Start of each partition of both tables and what its chunks hold.
CREATE TABLE history_partition (
  start bigint PRIMARY KEY,
  values bigint NOT NULL
) WITH (fillfactor = 50);

-- The first tick that a restart has to read again; one row.
CREATE TABLE history_needed (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  seq bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO history_needed (seq) VALUES (0);
