DROP INDEX submissions_by_state;
CREATE INDEX submissions_by_state ON submissions (platform_id, deployment_id, context_id, state, submitted_at, id);
-- Accepted badges that their issuer withdrew or changed afterwards.
ALTER TABLE submissions ADD COLUMN outcome TEXT GENERATED ALWAYS AS (credential ->> '$.outcome') VIRTUAL;
CREATE INDEX submissions_by_outcome ON submissions (platform_id, deployment_id, context_id, outcome) WHERE state = 'accepted';
CREATE INDEX submissions_waiting ON submissions (id) WHERE state = 'submitted';
-- In the order in which deliveries are claimed, so that a claim looks at no more than it takes.
DROP INDEX gradebook_cells_by_due;
CREATE INDEX gradebook_cells_by_due ON gradebook_cells (status, platform_id, next_attempt_at, timestamp);
