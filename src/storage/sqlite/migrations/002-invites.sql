CREATE TABLE invites (
  code_hash TEXT PRIMARY KEY,
  name TEXT,
  platform_status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  spent_at INTEGER,
  held_until INTEGER -- one visitor at a time tries to register
) STRICT, WITHOUT ROWID;
