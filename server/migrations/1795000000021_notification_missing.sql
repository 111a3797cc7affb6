-- Up Migration

-- Recipients that a mail server has refused while it took the message for others.
ALTER TABLE notification ADD COLUMN missing jsonb NOT NULL DEFAULT '[]';
