-- By which two certificates are seen to be the same; see src/domain/certificate-key.ts.
ALTER TABLE submissions ADD COLUMN certificate_key TEXT;
CREATE INDEX submissions_by_certificate_key ON submissions (certificate_key) WHERE certificate_key IS NOT NULL;
