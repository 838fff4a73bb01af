-- Times are milliseconds since 1970 (UTC). Columns that hold JSON say so.

CREATE TABLE platforms (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  auth_url TEXT NOT NULL,
  token_url TEXT NOT NULL,
  jwks_url TEXT NOT NULL,
  audience TEXT,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (issuer, client_id)
) STRICT;

CREATE TABLE deployments (
  platform_id TEXT NOT NULL REFERENCES platforms (id),
  deployment_id TEXT NOT NULL,
  status TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL,
  PRIMARY KEY (platform_id, deployment_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tool_keys (
  kid TEXT PRIMARY KEY,
  public_jwk TEXT NOT NULL, -- JSON
  sealed_private_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;

CREATE TABLE logins (
  state_hash TEXT PRIMARY KEY,
  nonce TEXT NOT NULL,
  platform_id TEXT NOT NULL,
  target_link_uri TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  spent_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX logins_by_end ON logins (expires_at);

CREATE TABLE sessions (
  id_hash TEXT PRIMARY KEY,
  viewer TEXT NOT NULL, -- JSON
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_end ON sessions (expires_at);

-- platform_id has no foreign key: a platform need not be an LTI registration.
CREATE TABLE activities (
  id TEXT PRIMARY KEY,
  platform_id TEXT NOT NULL,
  deployment_id TEXT NOT NULL,
  context_id TEXT NOT NULL,
  resource_link_id TEXT NOT NULL,
  title TEXT NOT NULL,
  context_title TEXT,
  settings TEXT, -- JSON
  line_items_url TEXT,
  line_item_url TEXT,
  scopes TEXT NOT NULL, -- JSON
  memberships_url TEXT,
  UNIQUE (platform_id, deployment_id, context_id, resource_link_id)
) STRICT;

CREATE TABLE members (
  platform_id TEXT NOT NULL,
  deployment_id TEXT NOT NULL,
  context_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  role TEXT NOT NULL,
  name TEXT,
  email TEXT,
  status TEXT NOT NULL,
  last_seen_at INTEGER NOT NULL,
  PRIMARY KEY (platform_id, deployment_id, context_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE submissions (
  id TEXT PRIMARY KEY,
  activity_id TEXT NOT NULL REFERENCES activities (id),
  platform_id TEXT NOT NULL,
  deployment_id TEXT NOT NULL,
  context_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  sector_id TEXT NOT NULL,
  state TEXT NOT NULL,
  input TEXT NOT NULL, -- JSON
  reflection TEXT NOT NULL,
  credential TEXT, -- JSON
  placement TEXT, -- JSON
  decision TEXT, -- JSON
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  submitted_at INTEGER,
  version INTEGER NOT NULL,
  identity_issuer_id TEXT GENERATED ALWAYS AS (credential ->> '$.identity.issuerId') VIRTUAL,
  identity_credential_id TEXT GENERATED ALWAYS AS (credential ->> '$.identity.credentialId') VIRTUAL,
  evidence_id TEXT GENERATED ALWAYS AS (input ->> '$.evidenceId') VIRTUAL
) STRICT;

CREATE INDEX submissions_by_person ON submissions (platform_id, deployment_id, context_id, user_id);
CREATE INDEX submissions_by_state ON submissions (platform_id, deployment_id, context_id, state, submitted_at);
CREATE INDEX submissions_by_identity ON submissions (identity_credential_id, identity_issuer_id);
CREATE INDEX submissions_by_evidence ON submissions (evidence_id);
CREATE INDEX submissions_by_activity ON submissions (activity_id);

CREATE TABLE evidence (
  id TEXT PRIMARY KEY,
  submission_id TEXT NOT NULL REFERENCES submissions (id),
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  bytes BLOB NOT NULL -- last, so that reading the rest never touches it
) STRICT;

CREATE INDEX evidence_by_submission ON evidence (submission_id);
CREATE INDEX evidence_by_content ON evidence (sha256);

CREATE TABLE gradebook_cells (
  activity_id TEXT NOT NULL REFERENCES activities (id),
  user_id TEXT NOT NULL,
  platform_id TEXT NOT NULL, -- the activity's, for the lane of each platform
  desired TEXT NOT NULL, -- JSON
  desired_version INTEGER NOT NULL,
  timestamp INTEGER NOT NULL,
  delivered_version INTEGER NOT NULL,
  delivered_at INTEGER,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  lease_owner TEXT,
  lease_until INTEGER,
  leased_version INTEGER, -- what the owner of the lease took along to deliver
  last_error TEXT, -- JSON
  PRIMARY KEY (activity_id, user_id)
) STRICT;

CREATE INDEX gradebook_cells_by_due ON gradebook_cells (status, platform_id, next_attempt_at);
CREATE INDEX gradebook_cells_by_owner ON gradebook_cells (lease_owner) WHERE lease_owner IS NOT NULL;

CREATE TABLE line_items (
  activity_id TEXT PRIMARY KEY REFERENCES activities (id),
  url TEXT,
  settled_at INTEGER,
  lock_owner TEXT,
  lock_until INTEGER
) STRICT;

CREATE TABLE audit_events (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  platform_id TEXT,
  deployment_id TEXT,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL -- JSON
) STRICT;

CREATE INDEX audit_events_by_subject ON audit_events (subject, at);
