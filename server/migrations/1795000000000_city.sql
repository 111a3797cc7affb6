-- Up Migration

CREATE TABLE station (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL UNIQUE,
  registered boolean NOT NULL,
  template text NOT NULL,
  body jsonb NOT NULL,
  geom geometry(Point, 4490)
);
CREATE INDEX station_geom ON station USING gist (geom);
COMMENT ON TABLE station IS 'pump rooms; body is the Station of twin/model, history refers to id';

CREATE TABLE point_map (
  station text NOT NULL REFERENCES station (code) ON UPDATE CASCADE ON DELETE CASCADE,
  metric text NOT NULL,
  point text NOT NULL,
  PRIMARY KEY (station, metric)
);
COMMENT ON TABLE point_map IS 'metric names of foreign gateways and the points they mean';

CREATE TABLE main (
  id text PRIMARY KEY,
  dn integer NOT NULL,
  length real NOT NULL,
  kind text NOT NULL,
  supply_zone text NOT NULL,
  from_node text NOT NULL,
  to_node text NOT NULL,
  geom geometry(LineString, 4490) NOT NULL
);
CREATE INDEX main_geom ON main USING gist (geom);
COMMENT ON TABLE main IS 'pipes of the distribution network; dn in mm, length in m';

CREATE TABLE works (
  id text PRIMARY KEY,
  body jsonb NOT NULL,
  geom geometry(Point, 4490) NOT NULL
);
CREATE INDEX works_geom ON works USING gist (geom);

CREATE TABLE supply_zone (
  id text PRIMARY KEY,
  body jsonb NOT NULL,
  geom geometry(MultiPolygon, 4490)
);
CREATE INDEX supply_zone_geom ON supply_zone USING gist (geom);

CREATE TABLE district (
  code text PRIMARY KEY,
  body jsonb NOT NULL,
  geom geometry(MultiPolygon, 4490)
);
CREATE INDEX district_geom ON district USING gist (geom);

CREATE TABLE city (
  key text PRIMARY KEY,
  value jsonb NOT NULL
);
