-- Up Migration

-- Mains that may have burst, of an alarm of a supply zone; null while it has not been asked.
ALTER TABLE alarm ADD COLUMN suspects jsonb;
