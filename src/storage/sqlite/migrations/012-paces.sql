CREATE TABLE paces (
  platform_id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  allowed REAL,
  learnt TEXT, -- JSON
  hold_until INTEGER,
  held_from INTEGER,
  used_until REAL NOT NULL
) STRICT, WITHOUT ROWID;
