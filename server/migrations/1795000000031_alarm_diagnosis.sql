-- Up Migration

-- Causes that the rule could tell apart, the most likely first, with what spoke for and against each.
ALTER TABLE alarm ADD COLUMN diagnosis jsonb NOT NULL DEFAULT '[]';
