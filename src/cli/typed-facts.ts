import { z } from 'zod';
import type { CredentialReport } from '../domain/credential.ts';
import type { Day, Instant } from '../domain/instant.ts';

/** Values of another shape than expected count as not stated: what a certificate says is never a reason to refuse it. */
const text = z.preprocess(
  (value) => (typeof value === 'string' || typeof value === 'number' ? String(value).trim() || null : null),
  z.string().nullable(),
);
const day = z.preprocess((value) => (typeof value === 'string' ? dayOf(value) : null), z.string().nullable());
const hours = z.preprocess((value) => {
  const number = typeof value === 'string' ? Number.parseFloat(value.replace(',', '.')) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : null;
}, z.number().nullable());
const named = z.preprocess(
  (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { name: value }),
  z.object({ name: text, url: text, matches: z.boolean().nullish().catch(null) }),
);
const facts = z.object({
  name: text,
  title: text,
  issuer: named,
  recipient: named,
  issuedOn: day,
  issueDate: day,
  expiresOn: day,
  expiryDate: day,
  hours,
  description: text,
  criteria: text,
  certificateNumber: text,
  evidence: z.array(z.string()).catch([]),
});

const shape = z.object({ facts: z.record(z.string(), z.unknown()) });
export const batchLine = z.object({
  id: z.union([z.string(), z.number()]),
  sector: z.string(),
  facts: z.record(z.string(), z.unknown()),
});

/** The typed-in facts of a `.json` document whose root is `{"facts":{…}}`; null when it is something else. */
export function factsIn(document: unknown): Readonly<Record<string, unknown>> | null {
  const parsed = shape.safeParse(document);
  return parsed.success ? parsed.data.facts : null;
}

/** The report on a badge that nobody vouches for: what was typed in. */
export function typedReport(given: Readonly<Record<string, unknown>>, checkedAt: Instant): CredentialReport {
  const read = facts.parse(given);
  return {
    format: 'typed',
    outcome: 'self-reported',
    credential: {
      name: read.name ?? read.title,
      issuer: { name: read.issuer.name, url: read.issuer.url },
      recipient: { name: read.recipient.name, matches: read.recipient.matches ?? null },
      issuedOn: read.issuedOn ?? read.issueDate,
      expiresOn: read.expiresOn ?? read.expiryDate,
      description: read.description,
      criteria: read.criteria,
      hours: read.hours,
      certificateNumber: read.certificateNumber,
      evidence: read.evidence,
    },
    checks: [],
    facts: { name: 'typed', issuer: 'typed' },
    identity: null,
    checkedAt,
  };
}

function dayOf(value: string): Day | null {
  const start = /^\s*(\d{4}-\d{2}-\d{2})/.exec(value)?.[1];
  return start !== undefined && new Date(`${start}T00:00:00Z`).toJSON()?.startsWith(start) ? start : null;
}
