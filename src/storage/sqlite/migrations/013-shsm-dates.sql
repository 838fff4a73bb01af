-- When the student began the SHSM and plans to graduate; see src/domain/shsm-dates.ts.
ALTER TABLE members ADD COLUMN shsm_dates TEXT; -- JSON
