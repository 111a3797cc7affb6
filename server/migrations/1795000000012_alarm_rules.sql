-- Up Migration

-- What people changed about alarm rules, never altered: the newest version of a rule counts. Without text the rule is
-- the library's again, and one that the library does not have is gone. Who wrote it is a name as typed. Time in ms
-- since epoch.
CREATE TABLE alarm_rule_edit (
  rule text NOT NULL,
  version integer NOT NULL,
  yaml text,
  author text NOT NULL,
  reason text NOT NULL,
  time bigint NOT NULL,
  PRIMARY KEY (rule, version)
);
