-- What was handed in and waits to be read; see src/domain/pending-reading.ts.
ALTER TABLE submissions ADD COLUMN reading TEXT; -- JSON
ALTER TABLE submissions ADD COLUMN reading_pace TEXT GENERATED ALWAYS AS (reading ->> '$.pace') VIRTUAL;
-- From when on it may be taken: when it was asked for, or the end of the claim of whoever is at it.
ALTER TABLE submissions ADD COLUMN reading_free_at INTEGER;
ALTER TABLE submissions ADD COLUMN reading_owner TEXT;
ALTER TABLE submissions ADD COLUMN reading_tries INTEGER NOT NULL DEFAULT 0;
CREATE INDEX submissions_to_read ON submissions (reading_pace, reading_free_at, id) WHERE reading_pace IS NOT NULL;
CREATE INDEX submissions_by_reader ON submissions (reading_owner) WHERE reading_owner IS NOT NULL;
