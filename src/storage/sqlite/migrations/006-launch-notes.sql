CREATE TABLE launch_notes (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  request_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  platform_id TEXT NOT NULL,
  deployment_id TEXT,
  message_type TEXT,
  role TEXT,
  passed TEXT NOT NULL, -- JSON
  failed TEXT,
  refusal TEXT,
  claim TEXT
) STRICT;

CREATE INDEX launch_notes_by_platform ON launch_notes (platform_id, sequence);
CREATE INDEX launch_notes_by_time ON launch_notes (at);
