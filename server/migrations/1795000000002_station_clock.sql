-- Up Migration

CREATE TABLE station_clock (
  station integer PRIMARY KEY REFERENCES station (id) ON DELETE CASCADE,
  steps jsonb NOT NULL
);
COMMENT ON TABLE station_clock IS
  'clocks of gateways that were ahead: [{since, ahead}], ms; times stated from since on are that much too late';
