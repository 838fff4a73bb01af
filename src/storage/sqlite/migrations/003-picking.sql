ALTER TABLE sessions ADD COLUMN picking TEXT; -- JSON, of a session that answers a deep-linking request
