-- When a badge is looked at again by itself; see src/domain/recheck.ts.
ALTER TABLE submissions ADD COLUMN recheck_at INTEGER;
CREATE INDEX submissions_recheck ON submissions (recheck_at) WHERE recheck_at IS NOT NULL;
