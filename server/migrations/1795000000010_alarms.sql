-- Up Migration

-- One row per occurrence of an alarm, open or past. Times in ms since epoch. Who acted is a name as typed.
CREATE TABLE alarm (
  id bigint PRIMARY KEY,
  rule text NOT NULL,
  station text NOT NULL,
  spot text NOT NULL,
  priority smallint NOT NULL,
  state text NOT NULL,
  active boolean NOT NULL,
  chattering boolean NOT NULL,
  cause bigint,
  district text NOT NULL,
  supply_zone text NOT NULL,
  maker text NOT NULL,
  raised_at bigint NOT NULL,
  told_at bigint,
  cleared_at bigint,
  acknowledged_at bigint,
  acknowledged_by text,
  ended_at bigint,
  evidence jsonb NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX alarm_raised ON alarm (raised_at, id);
CREATE INDEX alarm_station ON alarm (station, raised_at);
CREATE INDEX alarm_rule ON alarm (rule, raised_at);
CREATE INDEX alarm_district ON alarm (district, raised_at);
CREATE INDEX alarm_zone ON alarm (supply_zone, raised_at);
CREATE INDEX alarm_cause ON alarm (cause) WHERE cause IS NOT NULL;
CREATE INDEX alarm_open ON alarm (id) WHERE ended_at IS NULL;

-- The alarm log. alarm is null for what is done to a whole station.
CREATE TABLE alarm_event (
  id bigint PRIMARY KEY,
  alarm bigint,
  time bigint NOT NULL,
  kind text NOT NULL,
  rule text NOT NULL,
  station text NOT NULL,
  spot text NOT NULL,
  priority smallint NOT NULL,
  annunciates boolean NOT NULL,
  by_name text,
  reason text
);
CREATE INDEX alarm_event_alarm ON alarm_event (alarm, time);
CREATE INDEX alarm_event_time ON alarm_event (time);

-- Where every alarm and delay stands, written anew with each change; the newest row counts. Two tables in turn,
-- emptied whole: the embedded database does not vacuum by itself.
CREATE TABLE alarm_state_0 (seq bigint PRIMARY KEY, data bytea NOT NULL);
CREATE TABLE alarm_state_1 (seq bigint PRIMARY KEY, data bytea NOT NULL);
ALTER TABLE alarm_state_0 ALTER data SET STORAGE EXTERNAL;
ALTER TABLE alarm_state_1 ALTER data SET STORAGE EXTERNAL;
