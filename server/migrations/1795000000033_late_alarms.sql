-- Up Migration

-- Found in values that arrived after their time: nobody was told.
ALTER TABLE alarm ADD COLUMN late boolean NOT NULL DEFAULT false;
