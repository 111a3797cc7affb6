-- Up Migration

-- One row per message about an alarm to a channel, written with the alarm. Times in ms since epoch.
CREATE TABLE notification (
  key text PRIMARY KEY,
  alarm bigint NOT NULL,
  rule text NOT NULL,
  station text NOT NULL,
  priority smallint NOT NULL,
  kind text NOT NULL,
  n integer NOT NULL,
  route text NOT NULL,
  channel text NOT NULL,
  about jsonb NOT NULL,
  made_at bigint NOT NULL,
  attempts integer NOT NULL,
  -- set before an attempt, and null again when its answer is known
  attempted_at bigint,
  outcome text NOT NULL,
  done_at bigint,
  error text
) WITH (fillfactor = 70);
CREATE INDEX notification_made ON notification (made_at);
CREATE INDEX notification_waiting ON notification (made_at) WHERE done_at IS NULL;

-- How far each route has come with each alarm that waits to be acknowledged.
CREATE TABLE notification_course (
  alarm bigint NOT NULL,
  route text NOT NULL,
  since bigint NOT NULL,
  repeats integer NOT NULL,
  escalations integer NOT NULL,
  PRIMARY KEY (alarm, route)
);
