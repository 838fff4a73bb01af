CREATE TABLE rosters (
  platform_id TEXT NOT NULL,
  deployment_id TEXT NOT NULL,
  context_id TEXT NOT NULL,
  read_at INTEGER,
  is_complete INTEGER NOT NULL, -- 0 or 1
  tried_at INTEGER NOT NULL,
  problem TEXT, -- JSON
  PRIMARY KEY (platform_id, deployment_id, context_id)
) STRICT, WITHOUT ROWID;
